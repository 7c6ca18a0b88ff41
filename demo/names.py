"""Names for roads, parks and housing estates of the town; plain words found in many Chinese towns."""

from __future__ import annotations

from collections.abc import Iterable

WORDS = (  # noqa: SIM905 (a list would be four times as long)
    "人民 解放 建设 和平 团结 光明 新华 朝阳 文化 工农 胜利 育才 学府 金桥 银杏 梧桐 香樟 玉兰 "
    "紫薇 丹桂 海棠 芙蓉 荷塘 莲湖 青松 翠竹 枫林 白杨 杏林 桃园 梅岭 兰亭 菊园 清泉 碧波 滨河 "
    "沿江 临江 楚天 荆楚 云梦 平安 吉祥 安康 福寿 永安 长宁 康乐 泰和 仁爱 明德 崇文 尚义 礼让 "
    "诚信 友谊 幸福 富强 振兴 繁荣 兴业 创新 纺织 粮库 码头 车站 邮电 体育 云水 镜湖 渔港 稻香 "
    "棉花 麦浪 东湖 西园 南浦 北门 古井 钟楼 鼓楼 书院 孔庙 城隍 水杉 乌桕 凤凰 白鹭 鸿雁 锦绣"
).split()
_ENDINGS = {
    ("main", True): ("路",),
    ("main", False): ("大道", "街"),
    ("second", True): ("东路", "西路", "北路", "南路", "一路", "二路"),
    ("second", False): ("东街", "西街", "前街", "后街", "一街", "二街"),
    ("minor", True): ("巷", "一巷", "二巷", "三巷", "四巷", "五巷"),
    ("minor", False): ("里", "东里", "西里", "南里", "北里", "横街"),
}
ESTATE_ENDINGS = ("小区", "花园", "苑", "新村", "公寓", "家园", "里小区", "雅居")
SPOTS = ("农贸市场", "小学", "幼儿园", "公交站", "卫生服务站", "便民超市", "快递驿站", "社区广场", "口袋公园", "停车场")


def road_names(taken: Iterable[str] = ()) -> dict[tuple[str, bool], list[str]]:
    """Unused road names by (rank, vertical), in the order they are to be given: word and ending both change."""
    known = set(taken)
    return {key: [name for name in _joined(ends) if name not in known] for key, ends in _ENDINGS.items()}


def _joined(endings: tuple[str, ...]) -> list[str]:
    pairs = ((turn, i) for turn in range(len(endings)) for i in range(len(WORDS)))
    return [WORDS[i] + endings[(turn + i) % len(endings)] for turn, i in pairs]
