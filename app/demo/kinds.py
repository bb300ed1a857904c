"""Campaigns of every kind of pledge besides gifts, in every state. All of it is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from .campaigns import Campaign
from .deeds import MENDING, PLAYGROUND, SNOW, STREAM, TOOLS

TUITION = Campaign(
    title="지우의 마지막 학기 등록금, 300명이 만 원씩 빌려줘요",
    topic="education",
    addressee="우리 동네 이웃",
    summary="졸업까지 한 학기 남은 지우에게 300만 원을 이자 없이 빌려주자는 청원이에요. "
    "열두 달에 나누어 갚아요.",
    text="""한 학기만 더 다니면 졸업이에요. 등록금은 300만 원, 은행에서는 빌릴 수 없었어요.

한 사람이 만 원씩 300명이 빌려주면 됩니다. 지우는 달마다 25만 원씩 열두 번 갚고, \
갚은 돈은 빌려준 사람들의 지갑으로 나누어 돌아가요. 300명이 모이지 않으면 아무도 내지 않아요.""",
    plan=(("등록금 납부 영수증 올리기", 50), ("졸업 뒤 소식 전하기", 50)),
    target=100,
    goal=3_000_000,
    signed=34,
    backers=30,
    pledge=20_000,
    age=5,
    left=20,
    ends="open",
    kind="loan",
    answers={"unit": 10_000, "cap": 5, "instalments": 12, "first_after": 1},
    reasons=("저도 누군가의 도움으로 졸업했어요.",),
)
TUITION_REPAID = replace(
    TUITION,
    title="서연의 간호대 등록금, 300명이 만 원씩 빌려줘요",
    summary="300명이 만 원씩 빌려준 300만 원. 서연은 열두 달 동안 한 번도 늦지 않고 모두 갚았어요.",
    text="서연은 간호대 마지막 학기 등록금 300만 원이 모자랐어요. 한 사람이 만 원씩 300명이 "
    "빌려주었고, 서연은 병원에서 일하며 달마다 25만 원씩 갚았어요.",
    target=10,
    signing=12,
    signed=303,
    backers=300,
    pledge=10_000,
    age=430,
    left=-400,
    ends="delivered",
    life="repaid",
    by="minji",
)
TUITION_DEFAULTED = replace(
    TUITION,
    title="야간 정비학교 등록금을 다섯 구좌씩 빌려줘요",
    summary="다섯 달을 갚고 여섯 달째에 멈췄어요. "
    "손실 준비금과 나중에 받은 돈이 어떻게 나뉘었는지 남겨 둡니다.",
    text="""낮에는 일하고 밤에는 정비를 배우는 민호에게 등록금을 빌려주는 청원이에요. 한 사람이 \
다섯 구좌까지 빌려줄 수 있어요.

후원자가 손실 준비금을 맡겨 두었어요. 갚지 못하는 일이 생기면 준비금이 먼저 메워요.""",
    target=10,
    signing=12,
    signed=63,
    backers=60,
    pledge=50_000,
    age=460,
    left=-430,
    ends="underway",
    life="defaulted",
)
TUITION_RUNNING = replace(
    TUITION,
    title="동네 빵집 오븐을 바꿀 돈을 함께 빌려줘요",
    addressee="골목 상인회",
    summary="오븐이 멈춘 빵집에 60만 원을 빌려주고 여섯 달에 나누어 돌려받아요.",
    text="""20년 된 오븐이 멈췄어요. 새 오븐을 들이면 다시 새벽 네 시에 빵을 구울 수 있어요.

60만 원을 여섯 달에 나누어 갚을게요.""",
    plan=(("오븐 사서 들이기", 60), ("첫 빵 나누기", 40)),
    goal=600_000,
    answers={"unit": 10_000, "cap": 5, "instalments": 6, "first_after": 1},
    signed=34,
    backers=32,
    pledge=20_000,
    age=130,
    left=-110,
    ends="underway",
    life="lending",
    by="junho",
    target=10,
    signing=12,
)

TANGERINES = Campaign(
    title="제주 귤 5kg, 농가에서 바로 함께 사요",
    topic="food",
    addressee="서귀포 감귤 농가",
    summary="쉰 상자가 모이면 만 천 원, 백 상자가 모이면 만 원. 모두 같은 값을 내요.",
    text="""가락시장을 거치지 않고 서귀포 농가에서 바로 받아요. 많이 모일수록 모두의 값이 내려가요.

카드에는 가장 비싼 값만큼만 잡아 두고, 마감한 뒤 실제로 잡힌 수량에 맞는 값 하나로 받아요.""",
    plan=(("수확과 발송", 60), ("두 거점에서 나누기", 40)),
    target=30,
    goal=50,
    signed=26,
    backers=24,
    pledge=1,
    age=4,
    left=10,
    ends="open",
    kind="order",
    answers={
        "item": "노지 감귤 5kg 한 상자",
        "trade": "direct",
        "origin": "서귀포 남원읍 오씨네 밭",
        "tiers": "1: 12000\n50: 11000\n100: 10000",
        "pickups": "성산 두레사무실, 토요일 10시\n망원 마을회관, 일요일 14시",
        "delivery": timedelta(days=14),
    },
    given=lambda number: {"order_pickup": str(number % 2 + 1)},
)
TANGERINES_SENT = replace(
    TANGERINES,
    title="햇감자 10kg을 강원도 농가에서 바로 함께 사요",
    addressee="평창 감자 농가",
    summary="쉰두 상자를 한 값에 샀어요. 두 거점에서 나누고 있어요.",
    text="""도매 시장을 거치지 않고 평창 밭에서 바로 받아요. 많이 모일수록 모두의 값이 내려가요.

카드에는 가장 비싼 값만큼만 잡아 두고, 마감한 뒤 실제로 잡힌 수량에 맞는 값 하나로 받아요.""",
    plan=(("캐기와 발송", 60), ("두 거점에서 나누기", 40)),
    answers={**TANGERINES.answers, "item": "햇감자 10kg 한 상자", "origin": "평창 진부면 최씨네 밭"},
    goal=40,
    signed=44,
    backers=42,
    age=24,
    left=-6,
    ends="underway",
    life="delivering",
    target=10,
    signing=12,
)
TANGERINES_DONE = replace(
    TANGERINES_SENT,
    title="겨울 배추 스무 단을 해남에서 바로 함께 사요",
    summary="모두 받았어요. 한 사람의 모자란 몫은 그날 돌려주었어요.",
    text="해남 밭에서 절인 배추를 그날 보내요. 많이 모일수록 모두의 값이 내려가요.",
    plan=(("절이기와 발송", 60), ("두 거점에서 나누기", 40)),
    answers={**TANGERINES.answers, "item": "절임 배추 20kg 한 상자", "origin": "해남 산이면 박씨네 밭"},
    goal=20,
    signed=24,
    backers=22,
    age=60,
    left=-40,
    ends="delivered",
    life="delivered",
    target=10,
    signing=12,
)
OLIVE_OIL = replace(
    TANGERINES,
    title="올리브기름 해외직구, 운임과 관세를 나누어 내요",
    addressee="그리스 크레타 협동조합",
    summary="서른 병이 모이지 않아 아무도 내지 않았어요.",
    text="한 병씩 들여오면 운임과 관세가 기름값만큼 들어요. 서른 병을 함께 들여오면 병마다 "
    "똑같이 나누어 낼 수 있어요.",
    plan=(("주문과 통관", 60), ("거점에서 나누기", 40)),
    answers={
        "item": "엑스트라버진 올리브기름 1리터",
        "trade": "import",
        "origin": "그리스 크레타 협동조합",
        "tiers": "1: 21000\n30: 18000",
        "freight": 180_000,
        "duty": 54_000,
        "pickups": "성산 두레사무실, 토요일 10시",
        "delivery": timedelta(days=30),
    },
    given=lambda _number: {"order_pickup": "1"},
    goal=30,
    signed=12,
    backers=9,
    age=40,
    left=-10,
    ends="expired",
    target=20,
    signing=6,
)

BAKERY = Campaign(
    title="동네 빵집을 우리 협동조합으로 세워요",
    topic="economy",
    addressee="성산동 주민",
    summary="한 구좌 5만 원. 누구나 한 표를 갖고, 많이 쓴 사람이 더 돌려받는 빵집이에요.",
    text="""문 닫는 빵집을 조합원 마흔 구좌로 이어받아요. 한 사람이 가질 수 있는 몫은 30%까지, \
투표는 가진 구좌와 상관없이 한 사람이 한 표예요.""",
    plan=(("가게 넘겨받기", 70), ("문 열기", 30)),
    target=30,
    goal=40,
    signed=20,
    backers=17,
    pledge=2,
    age=7,
    left=14,
    ends="open",
    kind="share",
    answers={
        "unit": 50_000,
        "total_units": 40,
        "founders": 5,
        "cap_percent": 30,
        "reserve_percent": 10,
        "dividend_cap_percent": 10,
        "quorum_percent": 50,
        "year_ends": "12",
    },
)
SOLAR = replace(
    BAKERY,
    title="마을회관 지붕에 햇빛발전소를 함께 올려요",
    summary="마흔 구좌로 지붕에 발전소를 올렸어요. 조합원들이 지금 다음 해 계획을 투표하고 있어요.",
    text="마을회관 지붕에 40구좌로 발전소를 올려요. 판 전기는 조합원이 함께 쓰고, 어디에 먼저 "
    "쓸지는 투표로 정해요.",
    plan=(("지붕 보강", 40), ("패널 설치", 60)),
    signed=34,
    backers=20,
    age=90,
    left=-60,
    ends="underway",
    life="voting",
    target=10,
    signing=12,
)
GROCERY = replace(
    BAKERY,
    title="동네 식료품점을 조합원의 가게로 만들어요",
    summary="문을 연 지 한 해. 남은 돈을 법과 정관대로 나누었어요.",
    text="동네에 하나 남은 식료품점을 조합원 마흔 구좌로 이어받아요. 한 해 남은 돈은 많이 쓴 "
    "사람에게 더 돌아가요.",
    plan=(("가게 넘겨받기", 70), ("선반 새로 짜기", 30)),
    signed=34,
    backers=20,
    age=420,
    left=-390,
    ends="delivered",
    life="surplus",
    by="minji",
    target=10,
    signing=12,
)
TAXI = replace(
    BAKERY,
    title="밤 택시를 기사 조합으로 바꿔요",
    summary="마감까지 구좌가 모자라 아무도 내지 않았어요.",
    text="기사들이 차를 함께 갖고 배차도 스스로 정하는 조합이에요. 구좌가 모두 모여야 시작해요.",
    plan=(("면허와 차량", 70), ("배차 전화 열기", 30)),
    signed=16,
    backers=6,
    age=50,
    left=-15,
    ends="expired",
    target=20,
    signing=6,
)

LOCAL_PAPER = Campaign(
    title="광고 없는 동네 신문을 달마다 함께 내요",
    topic="culture",
    addressee="우리 동네 독자",
    summary="한 달 20만 원이 약속되면 신문이 나와요. 언제든 쉬거나 그만둘 수 있어요.",
    text="""광고를 받지 않으려면 독자가 내야 해요. 다달이 20만 원이면 네 쪽짜리 신문을 낼 수 있어요.""",
    plan=(("첫 호 내기", 50), ("여섯 달 이어 내기", 50)),
    target=30,
    goal=200_000,
    signed=24,
    backers=22,
    pledge=5_000,
    age=6,
    left=18,
    ends="open",
    kind="recurring",
    answers={"mode": "fixed"},
)
CHILDRENS_MEAL = replace(
    LOCAL_PAPER,
    title="아이 밥상에 달마다 한 끼를 더 올려요",
    addressee="성산 지역아동센터",
    summary="스물네 사람이 달마다 내고 있어요. 넉 달째 밥상이 이어져요.",
    text="방학이면 점심을 거르는 아이들이 있어요. 다달이 11만 원이면 센터에서 한 끼를 더 차릴 수 있어요.",
    plan=(("첫 달 밥상 차리기", 50), ("여섯 달 이어 차리기", 50)),
    goal=110_000,
    signed=32,
    backers=24,
    age=140,
    left=-120,
    ends="underway",
    life="months",
    target=10,
    signing=12,
)
CROWD_RADIO = replace(
    LOCAL_PAPER,
    title="함께할수록 커지는 마을 라디오",
    addressee="마을 라디오 방송국",
    summary="한 사람이 늘 때마다 모두가 100원씩 더 내요. 각자의 한도까지만요.",
    text="한 사람이 들어올 때마다 모두가 한 달에 100원씩 더 내요. 혼자 내는 것보다 함께 낼수록 "
    "방송이 길어져요.",
    plan=(("첫 방송", 50), ("여섯 달 이어 방송하기", 50)),
    goal=20,
    answers={"mode": "crowdmatched", "unit": 100},
    signed=30,
    backers=23,
    pledge=2_500,
    age=100,
    left=-80,
    ends="underway",
    life="months",
    target=10,
    signing=12,
)
NIGHT_SCHOOL = replace(
    LOCAL_PAPER,
    title="야학 교실 월세를 함께 내요",
    summary="마감까지 달마다 낼 돈이 모자라 시작하지 않았어요.",
    text="낮에 일하는 어른들이 밤에 글을 배우는 교실이에요. 월세를 함께 내면 쫓겨날 걱정 없이 "
    "배울 수 있어요.",
    plan=(("교실 계약", 50), ("한 학기 열기", 50)),
    signed=14,
    backers=8,
    age=45,
    left=-12,
    ends="expired",
    target=20,
    signing=6,
)


def resolved(answers: Mapping[str, Any], deadline: Any) -> dict[str, Any]:
    """The answers with every span of days turned into the day that long after the deadline."""
    return {
        name: (deadline + value).date().isoformat() if isinstance(value, timedelta) else value
        for name, value in answers.items()
    }


OF_EVERY_KIND = (
    TUITION_DEFAULTED,
    TUITION_REPAID,
    GROCERY,
    CHILDRENS_MEAL,
    TUITION_RUNNING,
    CROWD_RADIO,
    SOLAR,
    TOOLS,
    TANGERINES_DONE,
    TAXI,
    NIGHT_SCHOOL,
    OLIVE_OIL,
    SNOW,
    MENDING,
    TANGERINES_SENT,
    BAKERY,
    TUITION,
    LOCAL_PAPER,
    TANGERINES,
    STREAM,
    PLAYGROUND,
)
