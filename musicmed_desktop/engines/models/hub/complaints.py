"""What a network refuses, in the words that a person reads; and whether trying again may help."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from musicmed_desktop.errors import UserError

if TYPE_CHECKING:
    from httpx2 import HTTPError, Response

_PASSING = (408, 429, 500, 502, 503, 504)
_STICK = "You can also get the model on a stick, and import it."
_PORTAL = "A sign-in page of this network may stand in between: open a web page, sign in, then try again."
_GOES_ON = "Try again later: it goes on where it stopped."


class TokenNeededError(UserError):
    """The hub wants to know who asks: an access token may help."""


def may_pass(error: HTTPError) -> bool:
    """Whether the same request may succeed a little later."""
    from httpx2 import NetworkError, RemoteProtocolError, TimeoutException

    response = _response(error)
    if response is not None:
        return response.status_code in _PASSING
    untrusted = isinstance(_tls(error), ssl.SSLCertVerificationError)
    return isinstance(error, TimeoutException | NetworkError | RemoteProtocolError) and not untrusted


def asked_wait(error: HTTPError) -> float | None:
    """The seconds that the hub asks to wait, by the headers RateLimit or Retry-After; None where it asks nothing."""
    from huggingface_hub.utils._http import parse_ratelimit_headers

    response = _response(error)
    if response is None:
        return None
    limit = parse_ratelimit_headers(response.headers)
    if limit is not None and limit.remaining == 0:
        return float(limit.reset_in_seconds)
    return _seconds(response.headers.get("Retry-After", "").strip())


def complaint(error: HTTPError) -> UserError:
    """Why the hub did not give what it was asked for."""
    response = _response(error)
    if response is None:
        return _of_the_line(error)
    detail = f"{response.status_code} from {response.request.url.copy_with(query=None)}"
    code = response.status_code
    if code in (401, 403) and _is_the_hub(response):
        return _token_needed(error, response, detail)
    if code == 404:
        return UserError(
            "The model hub no longer has this model as this app knows it.",
            f"A newer version of this app may know where it is now. {_STICK}",
            detail,
        )
    if code == 429:
        return UserError("The model hub is too busy.", _later(asked_wait(error)), detail)
    if code == 407:
        return _proxy(detail)
    if code in _PASSING or code >= 500:
        return UserError("The model hub has trouble of its own.", _GOES_ON, detail)
    return UserError(f"The model hub refuses to send the model ({code}).", _STICK, detail)


def interfered(detail: str) -> UserError:
    """What came is not what the hub sends."""
    return UserError("What arrived does not come from the model hub.", _PORTAL, detail)


def wrong_length(path: str, detail: str) -> UserError:
    return UserError(f"{path} arrives longer or shorter than the model hub announced.", _PORTAL, detail)


def other_file(path: str, detail: str) -> UserError:
    """The hub has `path`, but not as the catalogue or the hub itself has described it; or not at all."""
    return UserError(
        f"The model hub has another {path} than this app expects.",
        f"A newer version of this app may know it. {_STICK}",
        detail,
    )


def _of_the_line(error: HTTPError) -> UserError:
    from httpx2 import ConnectError, ConnectTimeout, NetworkError, ProxyError, RemoteProtocolError, TimeoutException

    detail = f"{type(error).__name__}: {error}"
    tls = _tls(error)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return UserError(
            "This computer does not trust the certificate of the model hub.",
            "Check the computer's date. In a company's network, ask for its certificate to be installed here. "
            + _STICK,
            detail,
        )
    if tls is not None and isinstance(error, ConnectError):
        return UserError("No secure connection to the model hub could be made.", _STICK, detail)
    if isinstance(error, ProxyError):
        return _proxy(detail)
    if isinstance(error, ConnectError | ConnectTimeout):
        return UserError("The model hub cannot be reached. Are you online?", _reaching(), detail)
    if isinstance(error, TimeoutException):
        return UserError("The model hub has stopped answering.", _GOES_ON, detail)
    if isinstance(error, NetworkError | RemoteProtocolError):
        return UserError("The connection to the model hub was cut too often.", _GOES_ON, detail)
    return interfered(detail)


def _token_needed(error: HTTPError, response: Response, detail: str) -> TokenNeededError:
    """The hub answers the same for models that are gone as for those that it does not show to everybody."""
    from huggingface_hub.errors import GatedRepoError

    hub = response.request.url
    place = f"{hub.scheme}://{hub.netloc.decode('ascii')}"
    if "authorization" in response.request.headers:
        return TokenNeededError(
            "The model hub does not accept this access token for this model.",
            f"Check it at {place}/settings/tokens, and the terms on the model's page. {_STICK}",
            detail,
        )
    gone = ", or no longer at all" if response.status_code == 401 and not isinstance(error, GatedRepoError) else ""
    return TokenNeededError(
        f"The model hub gives this model only to those who have an account there{gone}.",
        f"Accept its terms on its page, make an access token at {place}/settings/tokens, and give it here. {_STICK}",
        detail,
    )


def _proxy(detail: str) -> UserError:
    return UserError(
        "The proxy of this network refuses to connect to the model hub.",
        f"Check the proxy in the computer's network settings, or ask who looks after the network. {_STICK}",
        detail,
    )


def _reaching() -> str:
    from urllib.request import getproxies

    proxy = "Check the proxy in the computer's network settings. " if getproxies().keys() & {"http", "https"} else ""
    return proxy + _STICK


def _later(seconds: float | None) -> str:
    """When to try again, in the words for seconds or minutes."""
    if seconds is None:
        return _GOES_ON
    minutes = round(seconds / 60)
    when = f"{minutes} minutes" if minutes > 1 else "a minute"
    return f"Try again in {when}: it goes on where it stopped."


def _response(error: HTTPError) -> Response | None:
    """The answer that is the error, where one came."""
    from huggingface_hub.errors import HfHubHTTPError

    return error.response if isinstance(error, HfHubHTTPError) else None


def _is_the_hub(response: Response) -> bool:
    """Whether the hub itself answered, and not a place that it sent us to."""
    return not response.history or response.history[0].url.origin == response.url.origin


def _tls(error: BaseException) -> ssl.SSLError | None:
    return next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _seconds(value: str) -> float | None:
    """Of a Retry-After: seconds, or a date (RFC 9110, 10.2.3)."""
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
