"""A passive Bluetooth proxy without hardware: adverts posted to /api/test_scanner are heard by it."""

from habluetooth import BaseHaRemoteScanner, HaBluetoothConnector
from homeassistant.components.bluetooth import MONOTONIC_TIME, async_register_scanner
from homeassistant.components.http import HomeAssistantView

ADDRESS = "0C:B8:15:00:00:01"


class PassiveProxy(BaseHaRemoteScanner):
    """Cannot connect."""

    def hear(self, advert: dict) -> None:
        manufacturer_data = {
            int(company): bytes.fromhex(data) for company, data in advert["manufacturer_data"].items()
        }
        self._async_on_advertisement(
            advert["address"], advert["rssi"], advert["name"], [], {}, manufacturer_data, None, {}, MONOTONIC_TIME()
        )


class Adverts(HomeAssistantView):
    """Takes one advert per request."""

    url = "/api/test_scanner"
    name = "api:test_scanner"

    def __init__(self, proxy: PassiveProxy) -> None:
        self.proxy = proxy

    async def post(self, request):
        self.proxy.hear(await request.json())
        return self.json({})


async def async_setup(hass, config) -> bool:
    connector = HaBluetoothConnector(client=None, source=ADDRESS, can_connect=lambda: False)
    proxy = PassiveProxy(ADDRESS, "Garage proxy", connector, False)
    proxy.async_setup()
    async_register_scanner(hass, proxy)
    hass.http.register_view(Adverts(proxy))
    return True
