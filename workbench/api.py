"""The root of the REST API; the apps' routers are joined here by workbench.urls."""

from ninja import NinjaAPI

api = NinjaAPI(title="Open Badges for IT: workbench", version="1", urls_namespace="api")
