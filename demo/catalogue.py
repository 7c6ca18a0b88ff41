"""What is reported in the town: one row a category. Limits are the town's own settings, not a national standard."""

from __future__ import annotations

from dataclasses import dataclass

CHANNELS = ("居民扫码", "网格员", "12345热线", "传感器", "视频巡查")
CHANNEL_SHARES = {
    "street": (0.30, 0.37, 0.15, 0.00, 0.18),
    "indoor": (0.38, 0.40, 0.22, 0.00, 0.00),
    "sensed": (0.14, 0.26, 0.16, 0.44, 0.00),
    "called": (0.36, 0.12, 0.52, 0.00, 0.00),
}
PLACE_SHARES = {  # road, building of an estate, known spot, gate of an estate
    "street": (0.62, 0.00, 0.24, 0.14),
    "estate": (0.05, 0.72, 0.08, 0.15),
    "indoor": (0.00, 1.00, 0.00, 0.00),
}


@dataclass(frozen=True)
class Category:
    """limit_hours: elapsed hours from registration to the deadline; up to 4 the case is handled day and night."""

    name: str
    kind: str
    department: str
    limit_hours: int
    weight: float
    season: str = "even"
    hours: str = "day"
    channels: str = "street"
    places: str = "street"


_P, _H = "problem", "hazard"
CATEGORIES = (
    Category("暴露垃圾", _P, "环卫所", 24, 12.0),
    Category("店外经营", _P, "城管执法中队", 12, 9.0),
    Category("非机动车乱停放", _P, "城管执法中队", 12, 11.0),
    Category("占道堆物", _P, "城管执法中队", 24, 7.0),
    Category("流动摊贩", _P, "城管执法中队", 8, 5.0, "summer", "evening"),
    Category("乱张贴广告", _P, "环卫所", 48, 4.5),
    Category("机动车乱停放", _P, "交警中队", 12, 5.5, hours="evening"),
    Category("噪声扰民", _P, "派出所", 24, 6.5, hours="evening", channels="called", places="estate"),
    Category("污水井盖破损", _P, "市政养护所", 24, 2.8, channels="sensed"),
    Category("雨水箅堵塞", _P, "市政养护所", 48, 3.4, "rain"),
    Category("路面积水", _P, "市政养护所", 12, 2.2, "rain", "even", "sensed"),
    Category("污水外溢", _P, "市政养护所", 24, 2.0),
    Category("路灯不亮", _P, "市政养护所", 72, 3.8, "dark", "evening"),
    Category("路面破损", _P, "市政养护所", 168, 2.8),
    Category("路面湿滑", _P, "市政养护所", 12, 1.6, "winter"),
    Category("绿化缺损", _P, "园林绿化站", 168, 2.2),
    Category("落叶堆积", _P, "环卫所", 24, 2.6, "autumn"),
    Category("蚊虫滋生", _P, "社区卫生服务中心", 72, 2.6, "summer", places="estate"),
    Category("电梯故障", _P, "物业服务企业", 24, 2.6, channels="indoor", places="indoor"),
    Category("违规养犬", _P, "派出所", 72, 2.2, hours="evening", channels="called", places="estate"),
    Category("邻里纠纷", _P, "司法所", 168, 2.4, channels="called", places="estate"),
    Category("违章搭建", _P, "城管执法中队", 168, 1.6, places="estate"),
    Category("消防通道占用", _H, "消防工作站", 24, 5.2, hours="evening", places="estate"),
    Category("楼道堆物", _H, "物业服务企业", 72, 5.0, channels="indoor", places="indoor"),
    Category("飞线充电", _H, "物业服务企业", 48, 3.8, hours="evening", channels="indoor", places="indoor"),
    Category("电动车入梯", _H, "物业服务企业", 24, 2.4, hours="evening", channels="indoor", places="indoor"),
    Category("燃气隐患", _H, "燃气公司", 4, 2.0, "winter", "even", "sensed", "estate"),
    Category("外墙脱落隐患", _H, "物业服务企业", 168, 1.2, channels="indoor", places="estate"),
    Category("树木倒伏隐患", _H, "园林绿化站", 48, 0.9, "summer"),
    Category("路面塌陷隐患", _H, "市政养护所", 24, 0.7, "rain"),
)
# (community, grid number, how busy against a usual grid's 1, category that piles up, how many times its usual share).
HOT_SPOTS = (
    ("柳荫", 8, 5.4, "暴露垃圾", 7.0),
    ("文昌", 12, 5.4, "非机动车乱停放", 7.0),
    ("南塘", 7, 4.3, "店外经营", 9.0),
)
CATEGORY_NOTES = {
    "暴露垃圾": "有垃圾堆放，未及时清运",
    "店外经营": "商户占用人行道经营",
    "非机动车乱停放": "电动自行车停放杂乱，影响通行",
    "占道堆物": "堆放杂物，占用人行道",
    "流动摊贩": "有流动摊贩聚集",
    "乱张贴广告": "墙面张贴小广告",
    "机动车乱停放": "有机动车违停",
    "噪声扰民": "夜间噪声影响休息",
    "污水井盖破损": "污水井盖破损松动",
    "雨水箅堵塞": "雨水箅被杂物堵塞",
    "路面积水": "路面积水较深",
    "污水外溢": "污水从井口外溢",
    "路灯不亮": "路灯连续多日不亮",
    "消防通道占用": "消防通道被车辆占用",
    "楼道堆物": "楼道内堆放杂物",
    "飞线充电": "私拉电线为电动自行车充电",
    "电动车入梯": "电动自行车进入电梯",
    "燃气隐患": "有燃气异味，疑似泄漏",
}
