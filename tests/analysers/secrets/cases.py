"""What is found in which text: the lines, and by hand the code and the value of every secret in them.

The values were made for this table. `docs/analysers.md` is written from it.
"""

# ruff: noqa: E501 (lines are as long as files have them)

from typing import Final, NamedTuple


class Case(NamedTuple):
    """A text of one dialect (empty: any text), and what it holds as (line, code, value)."""

    name: str
    dialect: str
    text: str
    secrets: tuple[tuple[int, str, str], ...]


IOS_LOGINS: Final = Case(
    "Cisco IOS: local passwords of every type",
    "cisco-ios",
    """hostname R1
enable secret 9 $9$kY3WqL0pZc2T9u$Vb7mD1xQe5RtY8uIoP3aSdFgHjKlZxCvBnM0qWeRtYu
enable password 7 094F471A1A0A
username ada privilege 15 secret 5 $1$w1Jm$bCt7eJNv.CjWPwyfWcobP0
username bo privilege 1 password 0 blue heron
username cy secret 8 $8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs
username dee algorithm-type scrypt secret 9 $14$Vx2k$Qm7p2s$0123456789abcdefghijABCDEFGHIJ
line con 0
 password letmein
line vty 0 4
 password 7 13061E010803
 login local
""",
    (
        (2, "cisco-type-9", "$9$kY3WqL0pZc2T9u$Vb7mD1xQe5RtY8uIoP3aSdFgHjKlZxCvBnM0qWeRtYu"),
        (3, "cisco-type-7", "094F471A1A0A"),
        (4, "cisco-type-5", "$1$w1Jm$bCt7eJNv.CjWPwyfWcobP0"),
        (5, "cisco-type-0", "blue heron"),
        (6, "cisco-type-8", "$8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs"),
        (7, "cisco-type-9", "$14$Vx2k$Qm7p2s$0123456789abcdefghijABCDEFGHIJ"),
        (9, "cisco-type-0", "letmein"),
        (11, "cisco-type-7", "13061E010803"),
    ),
)
IOS_ROUTING: Final = Case(
    "Cisco IOS: keys of routing protocols",
    "cisco-ios",
    """key chain LAN
 key 1
  key-string 7 02050D480809
 key 2
  key-string otter-creek
interface GigabitEthernet0/1
 ip ospf authentication message-digest
 ip ospf message-digest-key 1 md5 7 104D000A0618
 ip ospf authentication-key plainkey
 standby 1 authentication md5 key-string hsrpkey
 standby 2 authentication text oldhsrp
 vrrp 1 authentication vrrpkey
router ospf 1
 area 0 authentication message-digest
 area 3 virtual-link 192.0.2.9 message-digest-key 1 md5 linkkey
router bgp 65010
 neighbor 192.0.2.1 remote-as 65020
 neighbor 192.0.2.1 password 7 070C285F4D06
 neighbor 192.0.2.2 password peerkey
router eigrp CORE
  authentication mode hmac-sha-256 eigrpkey
router isis
 area-password isiskey
ntp authentication-key 1 md5 060506324F41 7
""",
    (
        (3, "cisco-type-7", "02050D480809"),
        (5, "routing-key", "otter-creek"),
        (8, "cisco-type-7", "104D000A0618"),
        (9, "routing-key", "plainkey"),
        (10, "routing-key", "hsrpkey"),
        (11, "routing-key", "oldhsrp"),
        (12, "routing-key", "vrrpkey"),
        (15, "routing-key", "linkkey"),
        (18, "cisco-type-7", "070C285F4D06"),
        (19, "routing-key", "peerkey"),
        (21, "routing-key", "eigrpkey"),
        (23, "routing-key", "isiskey"),
        (24, "routing-key", "060506324F41"),
    ),
)
IOS_SERVICES: Final = Case(
    "Cisco IOS: RADIUS, TACACS+, SNMP, VPN, wireless, PPP",
    "cisco-ios",
    """tacacs-server host 10.0.0.20 key 7 0822455D0A16
tacacs-server key plain tacacs words
radius-server host 10.0.0.21 auth-port 1812 acct-port 1813 key radkey
radius server AUTH
 address ipv4 10.0.0.22 auth-port 1812 acct-port 1813
 key 6 GbKcWGTMDcVbCVZKbGQhKcNhUhTKBfTGdaTMZYSM
aaa server radius dynamic-author
 client 10.0.0.23 server-key coakey
snmp-server community r3adme RO 10
snmp-server community wr1teme RW
snmp-server host 10.0.0.30 version 2c trapword
snmp-server host 10.0.0.31 version 3 auth netadmin
snmp-server user mona OPS v3 auth sha authpass1 priv aes 128 privpass1
crypto isakmp key vpnkey1 address 198.51.100.7
crypto ikev2 keyring KR
 peer BRANCH
  pre-shared-key local 6 hNSIRgTYWYS_VUhNXUJXaWIAAAA
  pre-shared-key remote otherend
dot11 ssid OFFICE
   wpa-psk ascii 7 094A4F1D1D0D041E0A
interface Dialer1
 ppp chap password 0 dialme
 ppp pap sent-username branch password 7 05080F1C2243
ip ftp password 7 1511021F0725
ip http client password webpass
""",
    (
        (1, "cisco-type-7", "0822455D0A16"),
        (2, "aaa-key", "plain tacacs words"),
        (3, "aaa-key", "radkey"),
        (6, "cisco-type-6", "GbKcWGTMDcVbCVZKbGQhKcNhUhTKBfTGdaTMZYSM"),
        (8, "aaa-key", "coakey"),
        (9, "snmp-community", "r3adme"),
        (10, "snmp-community", "wr1teme"),
        (11, "snmp-community", "trapword"),
        (13, "snmp-user", "authpass1"),
        (13, "snmp-user", "privpass1"),
        (14, "pre-shared-key", "vpnkey1"),
        (17, "cisco-type-6", "hNSIRgTYWYS_VUhNXUJXaWIAAAA"),
        (18, "pre-shared-key", "otherend"),
        (20, "cisco-type-7", "094A4F1D1D0D041E0A"),
        (22, "ppp-password", "dialme"),
        (23, "cisco-type-7", "05080F1C2243"),
        (24, "cisco-type-7", "1511021F0725"),
        (25, "password", "webpass"),
    ),
)
ASA: Final = Case(
    "Cisco ASA: logins, VPN, servers, failover",
    "cisco-asa",
    """ASA Version 9.16(4)
enable password $sha512$5000$Zq2uYk1m9sXcVbNaWeRtyQ==$Pl0kmJn7bHv5gCf3dXs1zA== pbkdf2
passwd 2KFQnbNIdI.2KYOU encrypted
username root password f3UhLvUj1QsXsuK7 encrypted privilege 15
username mo password $sha512$5000$Aa1Bb2Cc3Dd4Ee5Ff6Gg7H==$Hh8Ii9Jj0Kk1Ll2Mm3Nn4O== pbkdf2
tunnel-group 198.51.100.9 ipsec-attributes
 ikev1 pre-shared-key tunnelkey
 ikev2 remote-authentication pre-shared-key remotekey
 ikev2 local-authentication pre-shared-key localkey
aaa-server RAD (inside) host 10.1.0.5
 key asaradius
 radius-common-pw commonpw
failover key failword
snmp-server community 8 Xj2kLm9qRt==
snmp-server host inside 10.1.0.9 community asasnmp version 2c
 ldap-login-password ldapword
 pre-shared-key *****
""",
    (
        (2, "asa-password", "$sha512$5000$Zq2uYk1m9sXcVbNaWeRtyQ==$Pl0kmJn7bHv5gCf3dXs1zA=="),
        (3, "asa-password", "2KFQnbNIdI.2KYOU"),
        (4, "asa-password", "f3UhLvUj1QsXsuK7"),
        (5, "asa-password", "$sha512$5000$Aa1Bb2Cc3Dd4Ee5Ff6Gg7H==$Hh8Ii9Jj0Kk1Ll2Mm3Nn4O=="),
        (7, "pre-shared-key", "tunnelkey"),
        (8, "pre-shared-key", "remotekey"),
        (9, "pre-shared-key", "localkey"),
        (11, "aaa-key", "asaradius"),
        (12, "password", "commonpw"),
        (13, "pre-shared-key", "failword"),
        (14, "snmp-community", "Xj2kLm9qRt=="),
        (15, "snmp-community", "asasnmp"),
        (16, "password", "ldapword"),
    ),
)
FORTIOS: Final = Case(
    "FortiOS: encrypted and plain settings, SNMP, a private key",
    "fortios",
    """config system admin
    edit "admin"
        set accprofile "super_admin"
        set password ENC SH2kq8VfTz0Lr5XnB1cYdE7gWmPjUa9sQo3iHtKvRzNxMy4bFl6wDe==
    next
end
config user radius
    edit "RAD1"
        set server "10.2.0.5"
        set secret ENC Zk3n5Qm8Rt1Yw6Xc9Vb2==
    next
end
config vpn ipsec phase1-interface
    edit "to-lille"
        set remote-gw 198.51.100.20
        set psksecret "forti psk"
    next
end
config wireless-controller vap
    edit "guest"
        set passphrase wifiword99
    next
end
config system snmp community
    edit 1
        set name "fortisnmp"
        config hosts
            edit 1
                set ip 10.2.0.9 255.255.255.255
            next
        end
    next
end
config vpn certificate local
    edit "portal"
        set password ENC Aq9mZr==
        set private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQIQ2xkT1l3c0FCAggA
MAwGCCqGSIb3DQIJBQAwFAYIKoZIhvcNAwcECPx1Z2V0aGVyZQSCBMh5b3Vyb3du
-----END ENCRYPTED PRIVATE KEY-----"
        set certificate "-----BEGIN CERTIFICATE-----
MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ
-----END CERTIFICATE-----"
    next
end
""",
    (
        (4, "fortios-secret", "SH2kq8VfTz0Lr5XnB1cYdE7gWmPjUa9sQo3iHtKvRzNxMy4bFl6wDe=="),
        (10, "fortios-secret", "Zk3n5Qm8Rt1Yw6Xc9Vb2=="),
        (16, "pre-shared-key", "forti psk"),
        (21, "wifi-passphrase", "wifiword99"),
        (26, "snmp-community", "fortisnmp"),
        (36, "fortios-secret", "Aq9mZr=="),
        (
            37,
            "private-key",
            """-----BEGIN ENCRYPTED PRIVATE KEY-----
MIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQIQ2xkT1l3c0FCAggA
MAwGCCqGSIb3DQIJBQAwFAYIKoZIhvcNAwcECPx1Z2V0aGVyZQSCBMh5b3Vyb3du
-----END ENCRYPTED PRIVATE KEY-----""",
        ),
    ),
)
JUNOS: Final = Case(
    "Junos: braces",
    "junos",
    """system {
    root-authentication {
        encrypted-password "$6$rZ8sQ1mX$W0vYtBn3kLpOiUyTrEwQaSdFgHjKlZxCvBnM1234567890qwertyuiopasdfghjk"; ## SECRET-DATA
    }
    radius-server {
        10.3.0.5 secret "$9$aBcDeFgHiJkLmN"; ## SECRET-DATA
    }
    /* old secret was $9$QrStUvWxYz0123 */
}
snmp {
    community junosnmp {
        authorization read-only;
    }
}
security {
    ike {
        policy P1 {
            pre-shared-key ascii-text "$9$zYxWvUtSrQpOnM"; ## SECRET-DATA
        }
    }
}
protocols {
    bgp {
        group EXT {
            authentication-key "bgp plain key";
        }
    }
}
policy-options {
    community CUSTOMERS members 65010:100;
}
""",
    (
        (3, "password-hash", "$6$rZ8sQ1mX$W0vYtBn3kLpOiUyTrEwQaSdFgHjKlZxCvBnM1234567890qwertyuiopasdfghjk"),
        (6, "junos-secret", "$9$aBcDeFgHiJkLmN"),
        (8, "junos-secret", "$9$QrStUvWxYz0123"),
        (11, "snmp-community", "junosnmp"),
        (18, "junos-secret", "$9$zYxWvUtSrQpOnM"),
        (25, "routing-key", "bgp plain key"),
    ),
)
JUNOS_SET: Final = Case(
    "Junos: set statements",
    "junos-set",
    """set system root-authentication encrypted-password "$5$k2LmN0pQ$rStUvWxYzAbCdEfGhIjKlMnOpQrStUvWxYz01234567"
set system login user ada authentication encrypted-password "$1$aB3dE5gH$jKlMnOpQrStUvWxYz01234"
set system tacplus-server 10.3.0.6 secret "$9$HgFeDcBaZyXwVu"
set snmp community setsnmp authorization read-only
set snmp v3 usm local-engine user mona authentication-sha authentication-password "auth words"
set security ike policy P2 pre-shared-key ascii-text vpnplain
set protocols ospf area 0.0.0.0 interface ge-0/0/0.0 authentication md5 1 key "ospf plain"
set policy-options community CUSTOMERS members 65010:100
""",
    (
        (1, "password-hash", "$5$k2LmN0pQ$rStUvWxYzAbCdEfGhIjKlMnOpQrStUvWxYz01234567"),
        (2, "password-hash", "$1$aB3dE5gH$jKlMnOpQrStUvWxYz01234"),
        (3, "junos-secret", "$9$HgFeDcBaZyXwVu"),
        (4, "snmp-community", "setsnmp"),
        (5, "snmp-user", "auth words"),
        (6, "pre-shared-key", "vpnplain"),
        (7, "routing-key", "ospf plain"),
    ),
)
PANOS_SET: Final = Case(
    "PAN-OS: set statements",
    "panos-set",
    """set mgt-config users admin phash $1$vbnmqwer$TyUiOpAsDfGhJkLzXcVbN0
set mgt-config users bo phash $5$tyuiopas$dFgHjKlZxCvBnMqWeRtYuIoPaSdFgHjKlZxCvBnM012
set network ike gateway GW authentication pre-shared-key key -AQ==Zm9ydHl0d28tc2VjcmV0cw==
set shared server-profile radius RAD server R1 secret radplain
set deviceconfig system snmp-setting access-setting version v2c snmp-community-string pansnmp
set shared certificate portal private-key -AQ==UHJpdmF0ZUtleU1hdGVyaWFsMTIz
set shared server-profile ldap LDAP bind-password "ldap words"
""",
    (
        (1, "password-hash", "$1$vbnmqwer$TyUiOpAsDfGhJkLzXcVbN0"),
        (2, "password-hash", "$5$tyuiopas$dFgHjKlZxCvBnMqWeRtYuIoPaSdFgHjKlZxCvBnM012"),
        (3, "panos-secret", "-AQ==Zm9ydHl0d28tc2VjcmV0cw=="),
        (4, "aaa-key", "radplain"),
        (5, "snmp-community", "pansnmp"),
        (6, "panos-secret", "-AQ==UHJpdmF0ZUtleU1hdGVyaWFsMTIz"),
        (7, "password", "ldap words"),
    ),
)
PANOS_XML: Final = Case(
    "PAN-OS: XML",
    "panos-xml",
    """<?xml version="1.0"?>
<config version="10.1.0" urldb="paloaltonetworks">
  <mgt-config><users><entry name="admin">
    <phash>$5$qwertyui$oPaSdFgHjKlZxCvBnMqWeRtYuIoPaSdFgHjKlZxCv01</phash>
  </entry></users></mgt-config>
  <shared><certificate><entry name="portal">
    <public-key>-----BEGIN CERTIFICATE-----
MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ
-----END CERTIFICATE-----
</public-key>
    <private-key>-AQ==S2V5TWF0ZXJpYWxGb3JUaGVQb3J0YWw=</private-key>
  </entry></certificate></shared>
  <ike><gateway><entry name="GW"><authentication><pre-shared-key>
    <key>-AQ==TGlsbGVUb1RvdXJuYWk=</key>
  </pre-shared-key></authentication></entry></gateway></ike>
  <snmp-community-string>panxmlsnmp</snmp-community-string>
</config>
""",
    (
        (4, "password-hash", "$5$qwertyui$oPaSdFgHjKlZxCvBnMqWeRtYuIoPaSdFgHjKlZxCv01"),
        (11, "panos-secret", "-AQ==S2V5TWF0ZXJpYWxGb3JUaGVQb3J0YWw="),
        (14, "panos-secret", "-AQ==TGlsbGVUb1RvdXJuYWk="),
        (16, "snmp-community", "panxmlsnmp"),
    ),
)
PFSENSE: Final = Case(
    "pfSense: users, certificates, VPN, services",
    "pfsense",
    """<?xml version="1.0"?>
<pfsense>
  <system>
    <user><name>admin</name>
      <bcrypt-hash>$2y$10$abcdefghijklmnopqrstuuK1L2M3N4O5P6Q7R8S9T0U1V2W3X4Y5Za</bcrypt-hash>
    </user>
    <user><name>old</name><md5-hash>0cc175b9c0f1b6a831c399e269772661</md5-hash></user>
  </system>
  <cert><descr><![CDATA[portal]]></descr>
    <crt>LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURkekNDQWwrZ0F3SUJBZ0lFQWdBQQ==</crt>
    <prv>LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lHOXcwQg==</prv>
  </cert>
  <ipsec><phase1><pre-shared-key>pf shared</pre-shared-key></phase1></ipsec>
  <openvpn><openvpn-server>
    <tls>Iwo6MjA0OCBiaXQgT3BlblZQTiBzdGF0aWMga2V5CjAxMjM0NTY3ODk=</tls>
    <tls_type>auth</tls_type>
    <shared_key></shared_key>
  </openvpn-server></openvpn>
  <snmpd><rocommunity>pfsnmp</rocommunity></snmpd>
  <dyndnses><dyndns><username>ada</username><password>dyn&amp;word</password></dyndns></dyndnses>
  <authserver><radius_secret>pfradius</radius_secret><ldap_bindpw>*****</ldap_bindpw></authserver>
  <wireless><wpa><passphrase><![CDATA[pf wifi]]></passphrase></wpa></wireless>
  <captiveportal><zone><reverseradiussecret>backwards1</reverseradiussecret></zone></captiveportal>
  <installedpackages><lcdtoken>yes</lcdtoken></installedpackages>
</pfsense>
""",
    (
        (5, "password-hash", "$2y$10$abcdefghijklmnopqrstuuK1L2M3N4O5P6Q7R8S9T0U1V2W3X4Y5Za"),
        (7, "password-hash", "0cc175b9c0f1b6a831c399e269772661"),
        (11, "private-key", "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lHOXcwQg=="),
        (13, "pre-shared-key", "pf shared"),
        (15, "openvpn-static-key", "Iwo6MjA0OCBiaXQgT3BlblZQTiBzdGF0aWMga2V5CjAxMjM0NTY3ODk="),
        (19, "snmp-community", "pfsnmp"),
        (20, "password", "dyn&amp;word"),
        (21, "aaa-key", "pfradius"),
        (22, "wifi-passphrase", "pf wifi"),
        (23, "password", "backwards1"),
    ),
)
OPNSENSE: Final = Case(
    "OPNsense: API keys, WireGuard, a key over several lines",
    "opnsense",
    """<?xml version="1.0"?>
<opnsense>
  <system><user>
    <password>$2b$10$zyxwvutsrqponmlkjihgfeDcBaZ9Y8X7W6V5U4T3S2R1Q0P9O8N7M6</password>
    <apikeys><item>
      <key>Qw3rTyUiOp4sDfGhJkLzXcVbNm5QwErTyUiOpAsDfGhJkLzXcVbNm6Qw</key>
      <secret>$6$$mNbVcXzLkJhGfDsApOiUyTrEwQ0987654321mNbVcXzLkJhGfDsA</secret>
    </item></apikeys>
    <otp_seed>JBSWY3DPEHPK3PXP</otp_seed>
  </user></system>
  <wireguard><server>
    <pubkey>aGVsbG8tdGhpcy1pcy1hLXB1YmxpYy1rZXktMDAwMDE=</pubkey>
    <privkey>cHJpdmF0ZS1rZXktb2YtdGhlLXNlcnZlci0wMDAwMDE=</privkey>
  </server></wireguard>
  <cert>
    <prv>LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFb3dJQkFB
S0NBUUVBMFozVlM1SkpjZHMzeGZuL3lnV3lGOFBibkd5MEFIQjdNdlhqQWM=
    </prv>
  </cert>
</opnsense>
""",
    (
        (4, "password-hash", "$2b$10$zyxwvutsrqponmlkjihgfeDcBaZ9Y8X7W6V5U4T3S2R1Q0P9O8N7M6"),
        (6, "service-token", "Qw3rTyUiOp4sDfGhJkLzXcVbNm5QwErTyUiOpAsDfGhJkLzXcVbNm6Qw"),
        (7, "password-hash", "$6$$mNbVcXzLkJhGfDsApOiUyTrEwQ0987654321mNbVcXzLkJhGfDsA"),
        (9, "service-token", "JBSWY3DPEHPK3PXP"),
        (13, "wireguard-key", "cHJpdmF0ZS1rZXktb2YtdGhlLXNlcnZlci0wMDAwMDE="),
        (
            16,
            "private-key",
            "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFb3dJQkFB\n"
            "S0NBUUVBMFozVlM1SkpjZHMzeGZuL3lnV3lGOFBibkd5MEFIQjdNdlhqQWM=",
        ),
    ),
)
CONFIGURATION_CASES: Final = (
    IOS_LOGINS,
    IOS_ROUTING,
    IOS_SERVICES,
    ASA,
    FORTIOS,
    JUNOS,
    JUNOS_SET,
    PANOS_SET,
    PANOS_XML,
    PFSENSE,
    OPNSENSE,
)
SYSTEMS: Final = Case(
    "Linux: shadow, WireGuard, IPsec, Wi-Fi, PPP, netrc, command lines",
    "",
    """ada:$6$Rz7mK2pX$T0vYtBn3kLpOiUyTrEwQaSdFgHjKlZxCvBnM1234567890qwertyuiopasdf:19700:0:99999:7:::
bo:$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7:19700:0:99999:7:::
[Interface]
PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
[Peer]
PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
PresharedKey = FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=
198.51.100.1 198.51.100.2 : PSK "ipsec words"
ada : XAUTH "xauthword"
network={
    ssid="atelier"
    psk="wifi words"
}
wpa_passphrase=hostapdword
branch * chapword *
"pap user" pppd "unmatched" 192.0.2.1
machine ftp.example.org login ada password netrcword
curl -u ada:curlword https://example.org/api
sshpass -p 'sshword' ssh ada@192.0.2.1
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACBmYWtlLWtleS1mb3ItdGhlLXRhYmxlLW9mLXNlY3JldHMtMDAwMAAAAJg=
-----END OPENSSH PRIVATE KEY-----
PuTTY-User-Key-File-2: ssh-rsa
Private-Lines: 2
AAABAFakeKeyMaterialForTheTableOfSecretsThatIsNotARealKey0123456
AAAAgQDFakeKeyMaterialForTheTable==
#
# 2048 bit OpenVPN static key
-----BEGIN OpenVPN Static key V1-----
0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
-----END OpenVPN Static key V1-----
""",
    (
        (1, "password-hash", "$6$Rz7mK2pX$T0vYtBn3kLpOiUyTrEwQaSdFgHjKlZxCvBnM1234567890qwertyuiopasdf"),
        (2, "password-hash", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"),
        (4, "wireguard-key", "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="),
        (7, "wireguard-key", "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE="),
        (8, "pre-shared-key", "ipsec words"),
        (9, "password", "xauthword"),
        (12, "wifi-passphrase", "wifi words"),
        (14, "wifi-passphrase", "hostapdword"),
        (15, "ppp-password", "chapword"),
        (17, "password", "netrcword"),
        (18, "password", "curlword"),
        (19, "password", "sshword"),
        (
            20,
            "private-key",
            """-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACBmYWtlLWtleS1mb3ItdGhlLXRhYmxlLW9mLXNlY3JldHMtMDAwMAAAAJg=
-----END OPENSSH PRIVATE KEY-----""",
        ),
        (
            26,
            "private-key",
            "AAABAFakeKeyMaterialForTheTableOfSecretsThatIsNotARealKey0123456\n"
            "AAAAgQDFakeKeyMaterialForTheTable==",
        ),
        (
            30,
            "openvpn-static-key",
            """-----BEGIN OpenVPN Static key V1-----
0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
-----END OpenVPN Static key V1-----""",
        ),
    ),
)
TOKENS: Final = Case(
    "Services: keys, tokens, headers, addresses with a password",
    "",
    """aws_access_key_id = AKIAQ3EXAMPLE7PLUSX2
aws_secret_access_key = wJalrXUtnFEMIbK7MDENGbPxRfiCYzEXAMPLEKEY
remote: ghp_0123456789abcdefghijABCDEFGHIJ012345
clone with glpat-x7Kq_Zp2mN4vB8cRtYw1
SLACK=xoxb-123456789012-AbCdEfGhIjKl
Cookie: sessionid=k3j4h5g6f7d8s9a0
Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS10YWJsZQ
Authorization: Basic YWRhOmJhc2ljd29yZA==
{"password": "json \\"word\\"", "user": "ada"}
DB_PASSWORD='env word'
Mot de passe : Azerty123
password: hunter2
postgresql://ada:urlword@db.example.org/app
https://example.org/?user=ada&token=q1w2e3r4t5&page=2
session_key = 9f86d081884c7d659a2feaa0c55ad015
{"key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEF\\n-----END PRIVATE KEY-----\\n"}
password: changeme
{"adminPassword": "camel word", "passwordPolicy": "strict"}
PASSWORD_PROD=prodword
CREATE USER ada IDENTIFIED BY 'sqlword';
net user ada winword1 /add
ConvertTo-SecureString "psword" -AsPlainText -Force
ada:1001:aad3b435b51404eeaad3b435b51404ee:8846f7eaee8fb117ad06bdd830b7586c:::
""",
    (
        (1, "aws-key", "AKIAQ3EXAMPLE7PLUSX2"),
        (2, "aws-key", "wJalrXUtnFEMIbK7MDENGbPxRfiCYzEXAMPLEKEY"),
        (3, "github-token", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
        (4, "gitlab-token", "glpat-x7Kq_Zp2mN4vB8cRtYw1"),
        (5, "slack-token", "xoxb-123456789012-AbCdEfGhIjKl"),
        (6, "session-cookie", "sessionid=k3j4h5g6f7d8s9a0"),
        (7, "json-web-token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS10YWJsZQ"),
        (8, "authorization-header", "YWRhOmJhc2ljd29yZA=="),
        (9, "password", 'json \\"word\\"'),
        (10, "password", "env word"),
        (11, "password", "Azerty123"),
        (12, "password", "hunter2"),
        (13, "url-credentials", "urlword"),
        (14, "password", "q1w2e3r4t5"),
        (15, "secret-value", "9f86d081884c7d659a2feaa0c55ad015"),
        (
            16,
            "private-key",
            "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEF\\n-----END PRIVATE KEY-----",
        ),
        (17, "password", "changeme"),
        (18, "password", "camel word"),
        (19, "password", "prodword"),
        (20, "password", "sqlword"),
        (21, "password", "winword1"),
        (22, "password", "psword"),
        (23, "password-hash", "aad3b435b51404eeaad3b435b51404ee"),
        (23, "password-hash", "8846f7eaee8fb117ad06bdd830b7586c"),
    ),
)
PEOPLE: Final = Case(
    "People: addresses, numbers with check digits, hardware addresses",
    "",
    """Written by Ada (ada.l@apprenante.be), call +32 475 12 34 56 or 0032 2 123 45 67.
Bo: 06 12 34 56 78, bo@formateur.fr; Mo: 0475/12.34.56
IBAN BE68 5390 0754 7034, not BE68 5390 0754 7035; FR1420041010050500013M02606
Rijksregisternummer 85073003328; registre national 85.07.30-033.28, not 85.07.30-033.29
Sécurité sociale 2 55 08 14 168 025 38, not 2 55 08 14 168 025 39
inet 192.0.2.7 ether 00:1b:21:3c:9d:f8, neighbour 0050.56c0.0008, Windows 3C-52-82-11-22-33
multicast 01:00:5e:00:00:fb, broadcast ff:ff:ff:ff:ff:ff, gateway 00:00:5e:00:01:0a
""",
    (
        (1, "email-address", "ada.l@apprenante.be"),
        (1, "phone-number", "+32 475 12 34 56"),
        (1, "phone-number", "0032 2 123 45 67"),
        (2, "phone-number", "06 12 34 56 78"),
        (2, "email-address", "bo@formateur.fr"),
        (2, "phone-number", "0475/12.34.56"),
        (3, "iban", "BE68 5390 0754 7034"),
        (3, "iban", "FR1420041010050500013M02606"),
        (4, "belgian-national-number", "85073003328"),
        (4, "belgian-national-number", "85.07.30-033.28"),
        (5, "french-social-number", "2 55 08 14 168 025 38"),
        (6, "mac-address", "00:1b:21:3c:9d:f8"),
        (6, "mac-address", "0050.56c0.0008"),
        (6, "mac-address", "3C-52-82-11-22-33"),
    ),
)
TEXT_CASES: Final = (SYSTEMS, TOKENS, PEOPLE)
CASES: Final = (*CONFIGURATION_CASES, *TEXT_CASES)
