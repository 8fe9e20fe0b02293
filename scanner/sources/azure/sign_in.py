"""As whom Azure is read: whoever ``az login``, a workload identity or the environment says; never a prompt."""

import logging
from typing import Any

from scanner.errors import UsageError
from scanner.sources.azure.clouds import Cloud


def credential_for(cloud: Cloud) -> Any:
    """Return a credential of azure-identity for ``cloud``; nobody is asked for a token yet.

    Raises UsageError where azure-identity is not installed.
    """
    try:
        from azure.identity import DefaultAzureCredential
    except ImportError as error:
        raise UsageError(
            f"cannot read Azure: the package 'azure-identity' cannot be imported ({error})",
            hint="install the extra: pip install 'bulkhead-scanner[azure]'",
        ) from error
    logging.getLogger("azure.identity").setLevel(logging.ERROR)  # each way that is not there is a warning of its own
    return DefaultAzureCredential(authority=cloud.authority, exclude_interactive_browser_credential=True)
