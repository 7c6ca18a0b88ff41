"""The tables of GB/T 28181 codes, by edition: digits → message id. The Chinese terms are in the message catalogue.

2022 keeps the authorities (行业 00–11) and the types of 2016, adds some, and words 行业 40–59 and the network digit anew.
"""

from domain.measures import N_

EDITIONS = ("2016", "2022")

_AUTHORITIES = {
    "00": N_("Public security: streets"),
    "01": N_("Public security: communities"),
    "02": N_("Public security: premises"),
    "03": N_("Public security: other"),
    "04": N_("Traffic: roads"),
    "05": N_("Traffic: checkpoints"),
    "06": N_("Traffic: premises"),
    "07": N_("Traffic: other"),
    "08": N_("Urban management"),
    "09": N_("Health and environment"),
    "10": N_("Inspection and customs"),
    "11": N_("Education authorities"),
}

_TYPES = {
    "111": N_("Video recorder (DVR)"),
    "112": N_("Video server"),
    "113": N_("Encoder"),
    "114": N_("Decoder"),
    "115": N_("Video matrix"),
    "116": N_("Audio matrix"),
    "117": N_("Alarm controller"),
    "118": N_("Network video recorder (NVR)"),
    "130": N_("Hybrid video recorder (HVR)"),
    "131": N_("Camera"),
    "132": N_("Network camera (IPC)"),
    "133": N_("Monitor"),
    "134": N_("Alarm input"),
    "135": N_("Alarm output"),
    "136": N_("Audio input"),
    "137": N_("Audio output"),
    "138": N_("Mobile transmitter"),
    "139": N_("Other peripheral"),
    "200": N_("Central signalling server"),
    "201": N_("Web server"),
    "202": N_("Media server"),
    "203": N_("Proxy server"),
    "204": N_("Security server"),
    "205": N_("Alarm server"),
    "206": N_("Database server"),
    "207": N_("Map server"),
    "208": N_("Management server"),
    "209": N_("Access gateway"),
    "210": N_("Media storage"),
    "211": N_("Signalling gateway"),
    "215": N_("Business group"),
    "216": N_("Virtual organisation"),
    "300": N_("Centre user"),
    "400": N_("Terminal user"),
}

INDUSTRIES = {
    "2016": _AUTHORITIES
    | {
        "40": N_("Farming, forestry and fishing"),
        "41": N_("Mining companies"),
        "42": N_("Manufacturing companies"),
        "43": N_("Metallurgy"),
        "44": N_("Electricity companies"),
        "45": N_("Gas companies"),
        "46": N_("Building companies"),
        "47": N_("Logistics"),
        "48": N_("Postal companies"),
        "49": N_("Information companies"),
        "50": N_("Hotels and restaurants"),
        "51": N_("Financial companies"),
        "52": N_("Real estate"),
        "53": N_("Business services"),
        "54": N_("Water companies"),
        "55": N_("Entertainment"),
    },
    "2022": _AUTHORITIES
    | {
        "12": N_("Civil aviation"),
        "13": N_("Railways"),
        "14": N_("Shipping"),
        "40": N_("Agriculture, forestry, animal husbandry and fishing"),
        "41": N_("Mining"),
        "42": N_("Manufacturing"),
        "43": N_("Electricity, heat, gas and water supply"),
        "44": N_("Building"),
        "45": N_("Wholesale and retail"),
        "46": N_("Transport, storage and post"),
        "47": N_("Hotels and restaurants"),
        "48": N_("Information technology"),
        "49": N_("Finance"),
        "50": N_("Real estate"),
        "51": N_("Leasing and business services"),
        "52": N_("Research and technical services"),
        "53": N_("Water, environment and public facilities"),
        "54": N_("Services for residents and repairs"),
        "55": N_("Education"),
        "56": N_("Health and social work"),
        "57": N_("Culture, sports and entertainment"),
        "58": N_("Public administration and social organisations"),
        "59": N_("International organisations"),
    },
}
"""行业编码."""

KINDS = {
    "2016": _TYPES,
    "2022": _TYPES
    | {
        "120": N_("Online image collection system"),
        "121": N_("Video checkpoint"),
        "122": N_("Multi-lens device"),
        "123": N_("Vehicle entrance controller"),
        "124": N_("Door controller"),
        "125": N_("Security check device"),
        "140": N_("Alarm output by relay"),
        "141": N_("Barrier"),
        "142": N_("Smart door"),
        "143": N_("Credential reader"),
        "502": N_("Video analysis system"),
        "503": N_("Video image database"),
        "505": N_("Video analysis device"),
    },
}
"""类型编码."""

_MONITORING = N_("Monitoring and alarm network")
_POLICE_VIDEO = N_("Video network of public security")

NETWORKS = {
    "2016": dict.fromkeys("01234", _MONITORING)
    | {
        "5": N_("Public security network"),
        "6": N_("Government network"),
        "7": N_("Internet"),
        "8": N_("Access network of society's resources"),
    },
    "2022": dict.fromkeys("01", _POLICE_VIDEO)
    | {
        "2": N_("Network of an industry"),
        "3": N_("Network of political and legal affairs"),
        "4": N_("Mobile network of public security"),
        "5": N_("Public security network"),
        "6": N_("Government extranet"),
        "7": N_("Internet and other public networks"),
        "8": N_("Dedicated line"),
    },
}
"""网络标识编码; 9 is reserved in both."""

GROUPS = (
    (111, 130, N_("Main devices")),
    (131, 199, N_("Peripherals")),
    (200, 299, N_("Platform devices")),
    (300, 399, N_("Users of centres")),
    (400, 499, N_("Users of terminals")),
    (500, 599, N_("Servers beside the platform")),
    (600, 999, N_("Extension types")),
)
"""First and last type of each range, and what the range holds."""
