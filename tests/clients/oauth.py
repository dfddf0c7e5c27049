"""A stock OAuth client library gets, refreshes, checks and revokes tokens with every grant and every way to prove who
the client is. Run by `cargo test` (tests/api/identity/stock_client.rs); by hand:

    python oauth.py http://127.0.0.1:8080 ADMIN PASSWORD
"""

import sys
import time
import uuid

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oauth2.rfc7523 import PrivateKeyJWT

base, admin_name, admin_password = sys.argv[1:4]
metadata = requests.get(f"{base}/.well-known/oauth-authorization-server", timeout=10).json()
TOKEN, REVOKE, INTROSPECT = (metadata[f"{name}_endpoint"] for name in ("token", "revocation", "introspection"))


def me(token):
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    return requests.get(f"{base}/v1/me", headers=headers, timeout=10)


def gone(token, within=3.0):
    """A revoked token reads nothing: at once on the replica that revoked it."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if me(token).status_code == 401:
            return True
        time.sleep(0.1)
    return False


def refused(work):
    try:
        work()
    except OAuthError as error:
        return error.error
    raise AssertionError("was not refused")


def verified_offline(token):
    """As a resource server does: with the published keys only."""
    keys = JsonWebKey.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
    claims = jwt.decode(
        token["access_token"],
        keys,
        claims_options={"iss": {"essential": True, "value": metadata["issuer"]}, "aud": {"value": metadata["issuer"]}},
    )
    claims.validate()
    assert claims.header["typ"] == "at+jwt", claims.header
    return claims


# --- people: password, refresh with rotation, revocation
person = OAuth2Session(token_endpoint_auth_method="none")
first = person.fetch_token(TOKEN, username=admin_name, password=admin_password, grant_type="password")
assert me(first).json()["username"] == admin_name
assert verified_offline(first)["client_id"] == admin_name
second = person.refresh_token(TOKEN, refresh_token=first["refresh_token"])
assert second["refresh_token"] != first["refresh_token"]
assert me(second).status_code == 200
assert person.revoke_token(REVOKE, token=second["refresh_token"], token_type_hint="refresh_token").status_code == 200
assert gone(second)
assert refused(lambda: person.refresh_token(TOKEN, refresh_token=second["refresh_token"])) == "invalid_grant"

# --- a spent refresh token ends the whole family
family = person.fetch_token(TOKEN, username=admin_name, password=admin_password, grant_type="password")
newest = person.refresh_token(TOKEN, refresh_token=family["refresh_token"])
assert refused(lambda: person.refresh_token(TOKEN, refresh_token=family["refresh_token"])) == "invalid_grant"
assert refused(lambda: person.refresh_token(TOKEN, refresh_token=newest["refresh_token"])) == "invalid_grant"
assert gone(newest)
assert refused(
    lambda: person.fetch_token(TOKEN, username=admin_name, password="wrong", grant_type="password")
) == "invalid_grant"

admin = person.fetch_token(TOKEN, username=admin_name, password=admin_password, grant_type="password")


def register(**members):
    body = {"client_id": f"client-{uuid.uuid4().hex}", "display_name": "Stock client", "roles": [{"role": "hr_portal"}]}
    headers = {"Authorization": f"Bearer {admin['access_token']}"}
    answer = requests.post(f"{base}/v1/clients", json=body | members, headers=headers, timeout=10)
    assert answer.status_code == 201, answer.text
    return body["client_id"], answer.json()["client_secret"]


def all_of_a_client(session):
    token = session.fetch_token(TOKEN, grant_type="client_credentials")
    assert me(token).json()["roles"] == ["hr_portal"]
    assert "refresh_token" not in token
    verified_offline(token)
    told = session.introspect_token(INTROSPECT, token=token["access_token"]).json()
    assert told["active"] is True and told["client_id"] == session.client_id, told
    assert session.revoke_token(REVOKE, token=token["access_token"]).status_code == 200
    assert gone(token)
    assert session.introspect_token(INTROSPECT, token=token["access_token"]).json() == {"active": False}


# --- machines: client_secret_basic
client_id, secret = register()
all_of_a_client(OAuth2Session(client_id, secret, token_endpoint_auth_method="client_secret_basic"))
wrong = OAuth2Session(client_id, "wrong", token_endpoint_auth_method="client_secret_basic")
assert refused(lambda: wrong.fetch_token(TOKEN, grant_type="client_credentials")) == "invalid_client"

# --- machines: private_key_jwt, with each kind of key
for kind, size, alg in (("OKP", "Ed25519", "EdDSA"), ("EC", "P-256", "ES256"), ("RSA", 2048, "RS256")):
    key = JsonWebKey.generate_key(kind, size, is_private=True)
    public = key.as_dict(is_private=False) | {"alg": alg}
    client_id, secret = register(jwks={"keys": [public]})
    assert secret is None
    signing = {"token_endpoint_auth_method": "private_key_jwt", "revocation_endpoint_auth_method": "private_key_jwt"}
    session = OAuth2Session(client_id, key, **signing)
    session.register_client_auth_method(PrivateKeyJWT(TOKEN, alg=alg))
    all_of_a_client(session)
    stranger = JsonWebKey.generate_key(kind, size, is_private=True)
    session = OAuth2Session(client_id, stranger, **signing)
    session.register_client_auth_method(PrivateKeyJWT(TOKEN, alg=alg))
    assert refused(lambda: session.fetch_token(TOKEN, grant_type="client_credentials")) == "invalid_client"

print("every grant, every proof: as the RFCs say")
