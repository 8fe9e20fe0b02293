"""Secrets in what Azure answers: told by the name of the property, and by what a text looks like.

ARM leaves most of them out, but not those that people write into app settings, scripts, descriptions and webhooks.
What is masked here never reaches a rule, a report or a store.
"""

import re

from scanner.model.unknown import Unknown

MASKED = Unknown("the value may be a secret and is not read")

NAMES = frozenset(
    (
        "accesskey",
        "accesstoken",
        "accountkey",
        "adminkey",
        "adminpassword",
        "administratorloginpassword",
        "administratorpassword",
        "apikey",
        "authkey",
        "authorizationkey",
        "authorizationtoken",
        "bearertoken",
        "certificatepassword",
        "clientsecret",
        "commandtoexecute",
        "connectionstring",
        "containersasuri",
        "customdata",
        "dockerpassword",
        "encryptedvalue",
        "functionkey",
        "hostkey",
        "instrumentationkey",
        "key1",
        "key2",
        "kubeconfig",
        "licensekey",
        "masterkey",
        "passphrase",
        "passwd",
        "password",
        "pfxblob",
        "primaryaccesskey",
        "primaryconnectionstring",
        "primarykey",
        "primarymasterkey",
        "primaryreadonlymasterkey",
        "primarysharedkey",
        "privatekey",
        "privatekeydata",
        "protectedsettings",
        "publishingpassword",
        "pwd",
        "querykey",
        "radiusserversecret",
        "refreshtoken",
        "registrationtoken",
        "sasdefinition",
        "sastoken",
        "sasuri",
        "sasurl",
        "scmpassword",
        "secondaryaccesskey",
        "secondaryconnectionstring",
        "secondarykey",
        "secondarymasterkey",
        "secondaryreadonlymasterkey",
        "secondarysharedkey",
        "secret",
        "secretvalue",
        "securevalue",
        "serviceprincipalsecret",
        "serviceuri",
        "sharedaccesskey",
        "sharedkey",
        "sshprivatekey",
        "storageaccountaccesskey",
        "storageaccountkey",
        "storagekey",
        "symmetrickey",
        "systemkey",
        "token",
        "userdata",
        "webhooksecret",
        "webhookurl",
        "workspacekey",
    )
)
"""Lower-cased names of properties whose texts are secrets, whatever they are a property of."""
_ENDS = (
    "accesskey", "apikey", "connectionstring", "connectionstrings", "password", "privatekey", "sastoken", "secretvalue",
    "sharedkey", "sharedsecret", "authtoken",
)  # fmt: skip
SETTINGS = frozenset(
    ("appsettings", "connectionstrings", "environmentvariables", "env", "keys", "secrets", "requestheaders")
)
"""Lower-cased names of lists whose elements are a name and a value that is anybody's guess."""
VALUES = frozenset(("value", "securevalue", "connectionstring"))
"""What is masked in the elements of such lists."""
SETTINGS_TYPES = frozenset(
    ("appsettings", "connectionstrings", "authsettings", "authsettingsv2", "azurestorageaccounts")
)
"""Last names of ``Microsoft.Web/sites/config`` whose properties are settings."""

_TEXT = re.compile(
    r"[?&]sig=[^&\s]{8}"
    r"|(?:AccountKey|SharedAccessKey|SharedAccessSignature|AccessKey|SharedSecret)=[^;\s]"
    r"|(?:password|passwd|pwd|secret|api[_-]?key|token)\s*=\s*[^;\s&]{4}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|://[^/\s:@]+:[^/\s:@]{3,}@"
    r"|\beyJ[\w-]{8,}\.eyJ"
    r"|\bgh[pousr]_\w{20}",
    re.IGNORECASE,
)


def is_secret_name(name: str) -> bool:
    """Whether a property of this name, in any case, holds a secret where it is a text."""
    lowered = name.lower().replace("_", "").replace("-", "")
    return lowered in NAMES or lowered.endswith(_ENDS)


def is_secret_text(text: str) -> bool:
    """Whether a text looks like a secret or holds one: a connection string, a signed address, a token, a key."""
    if not ("=" in text or "@" in text or "---" in text or "eyJ" in text or "gh" in text):
        return False
    return _TEXT.search(text) is not None
