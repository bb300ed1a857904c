"""What the demo's campaigns ask for and promise. All of it is invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .gifts import OFFERED, asked_in_thanks


@dataclass(frozen=True)
class Beside:
    """Another kind of pledge that the same petition asks for; fields as in :class:`Campaign`."""

    kind: str
    goal: int
    pledge: int
    backers: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    given: Callable[[int], Mapping[str, str]] = lambda _number: {}


@dataclass(frozen=True)
class Campaign:
    """One campaign and how far it has come.

    ``goal`` is in the measure of ``kind``, ``pledge`` what its form asks for (money: minor units). Of the
    first ``signed`` people of the crowd the last ``backers`` pledge, and the first ``signing`` (else all)
    sign. ``answers`` are what the organizer said to the kind's questions, ``given`` what each backer says
    in the kind's own fields. ``age`` and ``left`` are in days since it opened and until its deadline;
    ``ends`` is where the loader stops: sponsoring, moderation, open, tipped, expired, collecting, released,
    underway, delivered or stopped. ``life`` names what happens to an action afterwards (see
    :mod:`app.demo.lives`).
    ``sites`` are those that showed its widget: the name, how often, and how many signatures and pledges it
    brought. ``days`` are those from today on which the steps are promised; left out, they come every four
    weeks once the plan has begun.
    """

    title: str
    addressee: str
    summary: str
    text: str
    plan: tuple[tuple[str, int], ...]
    target: int
    goal: int
    signed: int
    backers: int
    pledge: int
    age: int
    left: int
    ends: str
    locale: str = "ko"
    topic: str | None = None
    currency: str = "KRW"
    featured: bool = False
    reasons: tuple[str, ...] = ()
    news: tuple[str, str] | None = None
    kind: str = "gift"
    answers: Mapping[str, Any] = field(default_factory=dict)
    given: Callable[[int], Mapping[str, str]] = lambda _number: {}
    beside: tuple[Beside, ...] = ()
    signing: int | None = None
    by: str = "hansol"
    life: str = ""
    sites: tuple[tuple[str, int, int, int], ...] = ()
    days: tuple[int, ...] = ()

    @property
    def asks(self) -> tuple[Beside, ...]:
        """Every kind of pledge it asks for."""
        first = Beside(self.kind, self.goal, self.pledge, self.backers, self.answers, self.given)
        return (first, *self.beside)


FLOOR_LIGHTS = Campaign(
    title="초등학교 앞 건널목에 바닥 신호등을 놓아 주세요",
    topic="transport",
    addressee="서울시 교통국",
    summary="고개를 숙이고 걷는 아이들도 볼 수 있게, "
    "학교 앞 건널목 네 곳의 바닥에 신호등을 놓자는 청원이에요.",
    text="""아침 8시 20분, 우리 동네 건널목은 아이들로 가득해요. \
신호등은 높이 달려 있고, 키 작은 1학년은 앞 친구의 가방만 보고 건너요.

## 무엇을 바라나요

- 학교 앞 건널목 **네 곳**에 바닥 신호등을 놓아 주세요.
- 설치비의 절반은 시민이 함께 내겠습니다. 나머지 절반과 관리는 서울시가 맡아 주세요.

## 왜 함께 내나요

예산을 기다리면 내후년이에요. 절반을 먼저 모아 가면 올해 안에 놓을 수 있다고 \
구청이 답했어요. 목표를 채우지 못하면 아무도 돈을 내지 않아요.""",
    plan=(("현장 조사와 설계", 20), ("두 곳 설치", 40), ("나머지 두 곳 설치와 점검", 40)),
    target=3000,
    goal=12_000_000,
    signed=86,
    backers=24,
    pledge=10_000,
    age=6,
    left=40,
    ends="open",
    featured=True,
    reasons=(
        "둘째가 내년에 입학해요. 매일 이 길을 건널 거예요.",
        "교통 봉사를 하면서 아찔한 순간을 여러 번 봤어요.",
        "휴대전화를 보며 걷는 어른에게도 필요해요.",
    ),
    news=(
        "구청 담당자를 만났어요",
        "지난 화요일에 구청 교통행정과를 찾아갔어요. **네 곳 모두 설치할 수 있다**는 답을 "
        "들었습니다. 도면을 받는 대로 여기에 올릴게요.",
    ),
    sites=(("blog.seongsan.example", 412, 9, 2), ("mapo.news.example", 1_830, 21, 4)),
)

REPAIR_CAFE = Campaign(
    title="고쳐 쓰는 가게를 시장 안에 열게 해 주세요",
    topic="environment",
    addressee="마포구청",
    summary="버려지는 가전을 이웃이 함께 고치는 작은 가게를, 비어 있는 시장 점포 한 칸에 열자는 청원이에요.",
    text="""시장 안쪽 점포 한 칸이 2년째 비어 있어요. 그 자리에 고쳐 쓰는 가게를 열고 싶어요.

- 구청은 빈 점포를 1년 동안 빌려 주세요.
- 공구와 부품 값은 우리가 모읍니다.

문을 열면 첫 달에는 누구나 무료로 고칠 수 있어요.""",
    plan=(("점포 정리와 공구 마련", 50), ("문을 열고 석 달 운영", 50)),
    target=60,
    goal=600_000,
    signed=59,
    backers=58,
    pledge=10_000,
    age=20,
    left=9,
    ends="open",
    life="bonus",
    answers=OFFERED,
    reasons=("고치면 쓸 수 있는데 버리라는 말만 들었어요.", "손재주 있는 어르신이 많은 동네예요."),
)

NIGHT_BUS = Campaign(
    title="A night bus for the harbour district",
    topic="transport",
    addressee="Busan Metropolitan City",
    summary="Fish market workers start at two in the morning. "
    "Let us try one night bus line for three months.",
    text="""The fish market starts at two in the morning, and the last bus leaves at eleven.

Three hundred people walk or share taxis every night. We ask the city for a **trial line of three months**. \
We pay for the counting of passengers, so that the city can decide on numbers.""",
    plan=(("Agree on the route", 30), ("Three months of counting, and the report", 70)),
    target=1500,
    goal=2_400_000,
    signed=41,
    backers=17,
    pledge=20_000,
    age=3,
    left=55,
    ends="open",
    locale="en",
    by="alice",
)

ALLEY_LIGHTS = Campaign(
    title="밤길이 무섭지 않게 골목에 등을 달아요",
    topic="safety",
    addressee="수원시 도시정책실",
    summary="가로등 사이가 먼 골목 세 곳에 낮은 벽등을 달고, 전기료는 시가 맡는 약속이에요.",
    text="""골목 세 곳은 가로등 사이가 60미터예요. 벽등 스무 개면 끝까지 환해져요.

시는 전기료를 맡기로 했어요. 등과 설치비를 우리가 함께 냈습니다.""",
    plan=(("벽등 주문과 벽 주인 동의", 40), ("세 골목 설치", 60)),
    target=80,
    goal=900_000,
    signed=92,
    backers=48,
    pledge=20_000,
    age=34,
    left=5,
    ends="underway",
    life="thanking",
    answers=OFFERED,
    given=asked_in_thanks,
    news=(
        "벽 주인 열한 분이 모두 동의했어요",
        "동의서를 받았고 등은 주문했어요. 설치는 다음 달 첫 주에 시작해요.",
    ),
)

LIBRARY_RAMP = Campaign(
    title="작은도서관 입구에 경사로를 놓아 주세요",
    topic="rights",
    addressee="전주시 평생학습본부",
    summary="계단 세 칸 때문에 들어오지 못하던 이웃이 이제 혼자 들어올 수 있어요.",
    text="""계단 세 칸이 전부인데, 그 세 칸이 문이었어요.

경사로와 손잡이를 놓고 문턱을 없앴습니다.""",
    plan=(("설계와 허가", 30), ("시공", 50), ("손잡이와 안내판", 20)),
    target=70,
    goal=700_000,
    signed=88,
    backers=36,
    pledge=20_000,
    age=90,
    left=-30,
    ends="delivered",
    news=("문을 열었어요", "지난 토요일, 가장 먼저 들어온 분은 1층에 사시는 박 선생님이었어요."),
)

LAUNDRY = Campaign(
    title="시장 골목에 함께 쓰는 빨래방을 만들어 주세요",
    topic="neighbourhood",
    addressee="대구시 중구청",
    summary="마감까지 두 목표를 채우지 못했어요. 아무도 돈을 내지 않았어요.",
    text="좁은 집이 많은 골목에 세탁기와 건조기를 함께 쓰는 방을 만들자는 청원이에요.",
    plan=(("자리 찾기", 30), ("기계 들이기", 70)),
    target=200,
    goal=3_000_000,
    signed=54,
    backers=14,
    pledge=10_000,
    age=45,
    left=-4,
    ends="expired",
    life="bonus",
    by="minji",
)

RIVER_BENCH = Campaign(
    title="하천 산책로에 쉬어 갈 의자를 놓아 주세요",
    topic="neighbourhood",
    addressee="청주시 하천과",
    summary="목표는 넘었지만 카드 결제가 모자라, 아무도 돈을 내지 않았어요.",
    text="산책로 2킬로미터에 의자가 하나도 없어요. 의자 여덟 개를 놓자는 청원이에요.",
    plan=(("자리 정하기", 20), ("의자 놓기", 80)),
    target=40,
    goal=400_000,
    signed=47,
    backers=20,
    pledge=20_000,
    age=50,
    left=-10,
    ends="released",
)

SCHOOL_GARDEN = Campaign(
    title="폐교 운동장을 마을 텃밭으로 열어 주세요",
    topic="food",
    addressee="강원특별자치도교육청",
    summary="비어 있는 운동장 한쪽을 마을이 함께 가꾸는 텃밭으로 쓰게 해 달라는 청원이에요.",
    text="문을 닫은 지 5년, 운동장에는 풀만 자라요. 봄부터 가을까지 마을이 함께 가꿀게요.",
    plan=(("흙 고르기와 물길", 60), ("모종과 공구", 40)),
    target=300,
    goal=1_500_000,
    signed=1,
    backers=0,
    pledge=10_000,
    age=1,
    left=60,
    ends="moderation",
)

SHARED_CARGO_BIKE = Campaign(
    title="동네에서 함께 쓰는 짐자전거를 마련해 주세요",
    topic="transport",
    addressee="세종특별자치시",
    summary="차 없이도 장을 보고 짐을 나를 수 있게, 짐자전거 세 대를 함께 쓰자는 청원이에요.",
    text="한 대에 다섯 가구가 나눠 쓰면 차 없이도 한 주를 살 수 있어요.",
    plan=(("자전거 고르기", 20), ("보관소와 예약판", 80)),
    target=250,
    goal=2_000_000,
    signed=0,
    backers=0,
    pledge=10_000,
    age=1,
    left=45,
    ends="sponsoring",
)

CAMPAIGNS = (
    LIBRARY_RAMP,
    RIVER_BENCH,
    LAUNDRY,
    ALLEY_LIGHTS,
    REPAIR_CAFE,
    NIGHT_BUS,
    SCHOOL_GARDEN,
    SHARED_CARGO_BIKE,
    FLOOR_LIGHTS,
)
