"""Realistic configurations and reports without a single secret: nothing may be found in them."""

# ruff: noqa: E501 (lines are as long as files have them)

from typing import Final

CLEAN: Final[dict[str, tuple[str, str]]] = {
    "Cisco IOS": (
        "cisco-ios",
        """version 17.3
service timestamps log datetime msec
service password-encryption
no enable password
hostname EDGE-1
boot system flash bootflash:packages.conf
enable secret *****
aaa new-model
aaa authentication login default group tacacs+ local enable
aaa authorization exec default group tacacs+ if-authenticated
security passwords min-length 12
username ada privilege 15 secret <removed>
key chain LAN
 key 1
  accept-lifetime 00:00:00 Jan 1 2024 infinite
crypto pki trustpoint TP-self-signed-1122334455
 enrollment selfsigned
 subject-name cn=IOS-Self-Signed-Certificate-1122334455
 revocation-check none
 rsakeypair TP-self-signed-1122334455
crypto pki certificate chain TP-self-signed-1122334455
 certificate self-signed 01
  30820330 30820218 A0030201 02020101 300D0609 2A864886 F70D0101 05050030
  31312F30 2D060355 04031326 494F532D 53656C66 2D536967 6E65642D 43657274
        quit
crypto isakmp policy 10
 authentication pre-share
 hash sha256
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ip ospf authentication message-digest
 ip authentication key-chain eigrp 100 LAN
 ipv6 address 2001:DB8:0:1::1/64
router isis
 net 49.0001.0100.1001.1001.00
router bgp 65010
 neighbor 192.0.2.9 remote-as 65020
 neighbor 192.0.2.9 description password rotation in March
ip access-list extended OUTSIDE-IN
 10 permit tcp any host 192.0.2.10 eq 443
 20 deny ip any any log
ip ssh version 2
ip http authentication local
snmp-server enable traps snmp authentication linkdown linkup
snmp-server group OPS v3 priv
snmp-server location Lille, salle B12
line vty 0 4
 login authentication default
 transport input ssh
ntp server 192.0.2.123 key 1
end
""",
    ),
    "Cisco ASA": (
        "cisco-asa",
        """: Saved
: Serial Number: JAD123456AB
ASA Version 9.16(4)
hostname fw
enable password ***** pbkdf2
passwd ***** encrypted
names
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 198.51.100.2 255.255.255.0
object-group network WEB
 network-object host 192.0.2.10
access-list OUT extended permit tcp any object-group WEB eq https
access-group OUT in interface outside
aaa-server RAD protocol radius
aaa-server RAD (inside) host 10.1.0.5
 key *****
 timeout 5
aaa authentication ssh console LOCAL
http server enable
snmp-server community *****
ssh key-exchange group dh-group14-sha256
tunnel-group 198.51.100.9 type ipsec-l2l
tunnel-group 198.51.100.9 ipsec-attributes
 ikev1 pre-shared-key *****
 ikev2 remote-authentication pre-shared-key *****
password-policy minimum-length 12
key config-key password-encrypt *****
Cryptochecksum:0f3c2d1b4a5968778695a4b3c2d1e0ff
""",
    ),
    "FortiOS": (
        "fortios",
        """#config-version=FGT60F-7.2.5-FW-build1517-230606:opmode=0:vdom=0:user=admin
config system global
    set admintimeout 30
    set hostname "FGT-LILLE"
end
config system password-policy
    set status enable
    set minimum-length 12
end
config system admin
    edit "admin"
        set accprofile "super_admin"
        set password ENC <removed>
        set two-factor fortitoken
    next
end
config system snmp community
    edit 1
        set name "<removed:snmp-community-1>"
    next
end
config vpn ipsec phase1-interface
    edit "to-lille"
        set authmethod psk
        set psksecret "*****"
        set proposal aes256-sha256
    next
end
config firewall policy
    edit 7
        set name "web out"
        set uuid 8f2c1b3a-4d5e-51ef-9a0b-1c2d3e4f5a6b
        set srcintf "internal"
        set dstintf "wan1"
        set action accept
        set srcaddr "all"
        set dstaddr "all"
        set schedule "always"
        set service "HTTPS"
        set comments "passwords change in March"
    next
end
""",
    ),
    "Junos": (
        "junos",
        """version 21.4R3;
system {
    host-name srx-tournai;
    root-authentication {
        encrypted-password "<removed>"; ## SECRET-DATA
    }
    login {
        password {
            minimum-length 12;
        }
    }
    services {
        ssh {
            key-exchange [ curve25519-sha256 group14-sha1 ];
            macs [ hmac-sha2-256-etm@openssh.com hmac-sha2-512 ];
        }
    }
}
security {
    ike {
        proposal IKE-1 {
            authentication-method pre-shared-keys;
        }
    }
    policies {
        from-zone trust to-zone untrust {
            policy web {
                match {
                    source-address any;
                    destination-address any;
                    application junos-https;
                }
                then {
                    permit;
                }
            }
        }
    }
}
policy-options {
    community CUSTOMERS members 65010:100;
}
""",
    ),
    "Junos set": (
        "junos-set",
        """set version 21.4R3
set system host-name srx-tournai
set system login password minimum-length 12
set system services ssh root-login deny
set security ike proposal IKE-1 authentication-method pre-shared-keys
set security policies from-zone trust to-zone untrust policy web match source-address any
set security policies from-zone trust to-zone untrust policy web then permit
set routing-options static route 0.0.0.0/0 next-hop 192.0.2.254
""",
    ),
    "PAN-OS set": (
        "panos-set",
        """set deviceconfig system hostname pa-mons
set deviceconfig setting management idle-timeout 30
set mgt-config password-complexity enabled yes
set mgt-config password-complexity minimum-length 12
set network ike gateway GW authentication pre-shared-key key ********
set shared server-profile radius RAD server R1 secret "<removed>"
set rulebase security rules web from trust
set rulebase security rules web action allow
set rulebase security rules web description "no password needed here"
""",
    ),
    "PAN-OS XML": (
        "panos-xml",
        """<?xml version="1.0"?>
<config version="10.1.0" urldb="paloaltonetworks">
  <mgt-config><users><entry name="admin"><phash>*</phash></entry></users>
    <password-complexity><enabled>yes</enabled></password-complexity></mgt-config>
  <devices><entry name="localhost.localdomain"><vsys><entry name="vsys1"><rulebase><security><rules>
    <entry name="web" uuid="0d6a2f1e-55aa-4f3e-9c31-9a8b7c6d5e4f"><to><member>untrust</member></to>
      <from><member>trust</member></from><source><member>any</member></source>
      <action>allow</action><log-end>yes</log-end></entry>
  </rules></security></rulebase></entry></vsys></entry></devices>
</config>
""",
    ),
    "pfSense": (
        "pfsense",
        """<?xml version="1.0"?>
<pfsense>
  <version>22.2</version>
  <system><hostname>pf</hostname><domain>home.arpa</domain>
    <user><name>admin</name><bcrypt-hash>xxxxxxxx</bcrypt-hash><uid>0</uid><priv>user-shell-access</priv></user>
    <webgui><protocol>https</protocol><ssl-certref>5f0c1d2e3a4b5</ssl-certref></webgui>
  </system>
  <cert><refid>5f0c1d2e3a4b5</refid>
    <crt>LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURkekNDQWwrZ0F3SUJBZ0lFQWdBQQ==</crt><prv></prv></cert>
  <filter><rule><id></id><tracker>1700000001</tracker><type>pass</type><interface>wan</interface>
    <ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source><any></any></source>
    <destination><network>wanip</network><port>443</port></destination>
    <descr><![CDATA[web, see ticket 4711]]></descr></rule></filter>
  <openvpn><openvpn-server><tls></tls><tls_type>auth</tls_type><mode>server_tls</mode></openvpn-server></openvpn>
</pfsense>
""",
    ),
    "OPNsense": (
        "opnsense",
        """<?xml version="1.0"?>
<opnsense>
  <system><hostname>opn</hostname><user><name>root</name><password>[removed]</password></user></system>
  <filter><rule uuid="2b1f6a0e-7c3d-4e5f-8a9b-0c1d2e3f4a5b"><type>block</type><interface>wan</interface>
    <log>1</log><source><any>1</any></source><destination><any>1</any></destination></rule></filter>
  <wireguard><server><pubkey>aGVsbG8tdGhpcy1pcy1hLXB1YmxpYy1rZXktMDAwMDE=</pubkey><privkey/></server></wireguard>
</opnsense>
""",
    ),
    "iptables-save": (
        "iptables-save",
        """# Generated by iptables-save v1.8.9 on Mon Mar  3 09:12:44 2025
*filter
:INPUT DROP [12345678901:98765432109876]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [85073003328:255081416802538]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -m mac --mac-source 01:00:5e:00:00:fb -j DROP
-A INPUT -p tcp -m tcp --dport 22 -m comment --comment "ssh with keys, no password: ask Bo" -j ACCEPT
-A INPUT -m string --string "password" --algo bm -j LOG --log-prefix "clear text: "
COMMIT
""",
    ),
    "nftables": (
        "nftables",
        """#!/usr/sbin/nft -f
flush ruleset
table inet filter { # handle 12
    set admins { type ipv4_addr; elements = { 192.0.2.4, 192.0.2.5 } }
    chain input {
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        ip6 saddr fe80::/10 icmpv6 type nd-neighbor-solicit accept
        tcp dport 22 ip saddr @admins counter packets 4 bytes 240 accept
        ether daddr ff:ff:ff:ff:ff:ff drop
    }
}
""",
    ),
    "Windows JSON": (
        "windows-json",
        """[{"Name": "RemoteDesktop-UserMode-In-TCP", "DisplayName": "Remote Desktop", "Enabled": 1, "Profile": 4,
  "Direction": 1, "Action": 2, "PolicyStoreSource": "PersistentStore", "Owner": null, "Group": "@FirewallAPI.dll,-28752",
  "InstanceID": "{0D6A2F1E-55AA-4F3E-9C31-9A8B7C6D5E4F}", "Authentication": 0, "Encryption": 0}]
""",
    ),
    "Windows netsh": (
        "windows-netsh",
        """
Rule Name:                            Remote Desktop - User Mode (TCP-In)
----------------------------------------------------------------------
Enabled:                              Yes
Direction:                            In
Profiles:                             Domain,Private
Grouping:                             Remote Desktop
LocalIP:                              Any
RemoteIP:                             10.0.0.0/8
Protocol:                             TCP
LocalPort:                            3389
RemotePort:                           Any
Edge traversal:                       No
Action:                               Allow
""",
    ),
    "a report in English": (
        "",
        """# Hardening the edge firewall

The password policy asks for 12 characters. The enable secret is kept in the vault; the enable password was removed.
Password: must be changed at first login. Secret keys never leave the module, and the token expires after an hour.
Use `username ada secret <password>` and `snmp-server community <community> RO`. Key: see the table below.

| setting | value | before |
|---|---|---|
| min-length | 12 | 8 |
| token lifetime | 3600 | 0 |

SHA-256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0ba00d08c7e1a5b3f3f6b0
Fingerprint: SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8
MD5 fingerprint 16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48
Public key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SDG6UOoqKLsabgH5C9okWi0dh2l9GKJl
Ciphers aes256-gcm@openssh.com, chacha20-poly1305@openssh.com; the unit is getty@tty1.service.
Clone it with git@github.com:acme/rules.git or https://example.org/rules?page=2 and ask help@example.org.
password = os.environ["DB_PASSWORD"]; token: ${VAULT_TOKEN}; api_key = "{{ api_key }}"
OID 1.3.6.1.4.1.9.9.46.1.3.1 on 2024-01-02 03:04:05, version 10.2.33.4-1234567890, port 49152-65535.
-----BEGIN CERTIFICATE-----
MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ
-----END CERTIFICATE-----
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
-----END PUBLIC KEY-----
""",
    ),
    "a report in French": (
        "",
        """Rapport d'analyse du trafic

Le mot de passe est stocké dans le coffre. Mot de passe : obligatoire. Le secret partagé n'apparaît nulle part.
La clé : voir l'annexe. Le 06.12.2024 à 09.30, l'hôte 192.0.2.7 a envoyé 85073003328 octets en 12 34 56 trames.
Aucun numéro de sécurité sociale n'a été relevé. La séquence 0x2a 0x3b puis 00 01 02 03 04 05 06 07 est un motif.
""",
    ),
    "a report in Dutch": (
        "",
        """Verslag over het verkeer

Het wachtwoord is verwijderd. Wachtwoord: verplicht. De sleutel staat in de kluis en het token is verlopen.
Op 03/04/2024 om 10:15 stuurde 192.0.2.8 in totaal 12345678901 bytes naar poort 8443.
""",
    ),
    "headings and lists about security": (
        "",
        """secret plan
password cracking
- password manager
* key management
1. secret sharing
   - key exchange
key findings
passwd file
passphrase generator
pre-shared-key authentication
set password policy
set a strong secret key
enable password encryption
username and password login
neighbor password rotation
""",
    ),
    "a hex dump": (
        "",
        """0000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f   ................
0010  45 00 00 3c 1c 46 40 00 40 06 b1 e6 ac 10 0a 63   E..<.F@.@......c
0020  04 75 12 34 56 78 02 03 04 05 06 07 08 09 01 02   .u.4Vx..........
12:34:56.789012 IP 192.0.2.7.49152 > 192.0.2.8.443: Flags [S], seq 1234567890, win 64240, length 0
12:34:56.789120 IP6 2001:db8:0:1:2:3:4:5.443 > 2001:db8::7.49152: Flags [S.], ack 1234567891, length 0
""",
    ),
}
