"""The first page: what to do now, or for visitors what this is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviews.today import today
from workbench.access import public
from workbench.requests import Request


@public
@require_safe
def home(request: Request) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "reviews/landing.html")
    return render(request, "reviews/home.html", {"today": today(request.user)})
