"""Campaigns in states that pass: thresholds just reached, money being collected. All of it is invented.

They are small, and wait longer than a demo's minute: for a second look, and for a card to be confirmed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from .campaigns import Campaign
from .deeds import STREAM
from .kinds import BAKERY, LOCAL_PAPER, TANGERINES, TUITION


def small(campaign: Campaign) -> Campaign:
    """Five backers are enough to see the state."""
    return replace(campaign, signed=8, backers=5, target=6, age=3, left=6, reasons=())


BUS_STOP = Campaign(
    title="골목 정류장에 바람막이를 세워 주세요",
    topic="transport",
    addressee="마포구 교통행정과",
    summary="두 목표를 모두 채웠어요. 서명을 한 번 더 확인한 다음에 결제를 시작해요.",
    text="바람이 센 길목이라 겨울이면 10분도 서 있기 어려워요. 투명한 바람막이 하나면 됩니다.",
    plan=(("자리와 도면", 30), ("세우기", 70)),
    goal=60_000,
    pledge=10_000,
    target=6,
    signed=8,
    backers=5,
    age=3,
    left=6,
    ends="tipped",
)
SUNSHADE = replace(
    BUS_STOP,
    title="놀이터에 그늘막을 함께 달아요",
    topic="education",
    addressee="마포구 공원녹지과",
    summary="결제를 모으고 있어요. 카드 한 장이 본인 확인을 기다려요.",
    text="한여름 미끄럼틀은 손을 델 만큼 뜨거워요. 그늘막 하나면 오후에도 놀 수 있어요.",
    plan=(("기둥 세우기", 50), ("그늘막 달기", 50)),
    goal=70_000,
    ends="collecting",
)

TRUCK = replace(
    TUITION,
    title="채소 트럭 수리비를 다섯 이웃이 빌려줘요",
    addressee="망원동 이웃",
    summary="다섯 구좌가 모였어요. 서명을 한 번 더 확인한 다음에 결제를 시작해요.",
    text="트럭이 멈추면 장사도 멈춰요. 수리비 5만 원을 빌려주면 여섯 달에 나누어 갚을게요.",
    plan=(("수리 영수증 올리기", 60), ("다시 장사하는 소식 전하기", 40)),
    goal=50_000,
    pledge=10_000,
    answers={"unit": 10_000, "cap": 2, "instalments": 5, "first_after": 1},
    ends="tipped",
)
FRIDGE = replace(
    TRUCK,
    title="떡집 냉장고를 바꿀 돈을 함께 빌려줘요",
    summary="결제를 모으고 있어요. 카드 한 장이 본인 확인을 기다려요.",
    text="20년 된 냉장고가 멈췄어요. 5만 원을 빌려주면 다섯 달에 나누어 갚을게요.",
    plan=(("냉장고 들이기", 60), ("첫 떡 나누기", 40)),
    ends="collecting",
)

ANCHOVIES = replace(
    TANGERINES,
    title="통영 멸치를 배에서 바로 함께 사요",
    addressee="통영 멸치 어민",
    summary="열 상자가 모였어요. 서명을 한 번 더 확인한 다음에 결제를 시작해요.",
    text="중간 상인 없이 배에서 바로 받아요. 열 상자부터 값이 내려가요.",
    goal=10,
    pledge=2,
    answers={
        "item": "볶음용 멸치 1kg 한 상자",
        "trade": "direct",
        "origin": "통영 한산도 김씨네 배",
        "tiers": "1: 18000\n10: 16000",
        "pickups": "성산 두레사무실, 토요일 10시",
        "delivery": timedelta(days=14),
    },
    given=lambda _number: {"order_pickup": "1"},
    ends="tipped",
)
RICE = replace(
    ANCHOVIES,
    title="여주 햅쌀을 논에서 바로 함께 사요",
    addressee="여주 쌀 농가",
    summary="결제를 모으고 있어요. 카드 한 장이 본인 확인을 기다려요.",
    text="갓 찧은 쌀을 농가에서 바로 받아요. 열 포대부터 값이 내려가요.",
    answers={
        **ANCHOVIES.answers,
        "item": "햅쌀 10kg 한 포대",
        "origin": "여주 능서면 이씨네 논",
        "tiers": "1: 42000\n10: 38000",
    },
    ends="collecting",
)

WORKSHOP = replace(
    BAKERY,
    title="동네 공방을 우리 협동조합으로 열어요",
    summary="열 구좌가 모였어요. 서명을 한 번 더 확인한 다음에 결제를 시작해요.",
    text="연장을 나누어 쓰는 공방을 열 구좌로 열어요. 가진 구좌와 상관없이 한 사람이 한 표예요.",
    plan=(("공방 자리 얻기", 60), ("연장 들이기", 40)),
    goal=10,
    answers={**BAKERY.answers, "total_units": 10},
    ends="tipped",
)
BOOKSHOP = replace(
    WORKSHOP,
    title="골목 책방을 조합원의 책방으로 만들어요",
    summary="결제를 모으고 있어요. 카드 한 장이 본인 확인을 기다려요.",
    text="문 닫는 책방을 열 구좌로 이어받아요. 가진 구좌와 상관없이 한 사람이 한 표예요.",
    plan=(("책방 넘겨받기", 60), ("다시 문 열기", 40)),
    ends="collecting",
)

NIGHT_LIBRARY = replace(
    LOCAL_PAPER,
    title="마을 도서관의 밤 불빛을 달마다 함께 밝혀요",
    topic="education",
    addressee="성산 마을도서관",
    summary="달마다 낼 돈이 모였어요. 서명을 한 번 더 확인한 다음에 첫 달을 시작해요.",
    text="저녁 8시면 불이 꺼져요. 달마다 2만 5천 원이면 밤 10시까지 열 수 있어요.",
    plan=(("첫 달 열기", 50), ("여섯 달 이어 열기", 50)),
    goal=25_000,
    ends="tipped",
)
ICE = replace(
    STREAM,
    title="버스 정류장 얼음을 같이 깨요",
    topic="neighbourhood",
    addressee="성산동 이웃",
    summary="다섯 사람이 모였어요. 서명을 한 번 더 확인한 다음에 날을 잡아요.",
    text="혼자 깨면 끝이 없어요. 다섯이 모이면 출근 전에 끝나요.",
    plan=(("구역 나누기", 50), ("얼음 깨기", 50)),
    goal=5,
    answers={"what": "people", "deed": "정류장 얼음 깨기", "within": 30, "hours_each": 1},
    ends="tipped",
)

PASSING = tuple(
    map(small, (BUS_STOP, SUNSHADE, TRUCK, FRIDGE, ANCHOVIES, RICE, WORKSHOP, BOOKSHOP, NIGHT_LIBRARY, ICE))
)
