"""Sample screens that show every widget in its states. Names, numbers and codes are invented samples."""

from __future__ import annotations

from screens.frame import KioskScreen, Stage
from screens.theme.look import Look
from screens.theme.tokens import SkinName, ToneName
from screens.widgets import art
from screens.widgets.buttons import Button, CheckTile, Dashed, Tile, Toggle
from screens.widgets.camera import CameraView
from screens.widgets.cards import Figure, InfoCard, ListCard, PageCard, Row, TicketCard
from screens.widgets.dialog import Dialog
from screens.widgets.fields import CodeBoxes, Field
from screens.widgets.helpbar import NavItem
from screens.widgets.keys import Keyboard, Keypad
from screens.widgets.part import Part
from screens.widgets.status import Banner, Chip, Progress, RiskBars, Timeline
from screens.widgets.status import Stage as StageRow


def nothing() -> None:
    """A tap that leads nowhere."""


BACK = NavItem("Kembali", nothing, "back")
LEAVE = NavItem("Keluar", nothing, "leave")
SAVE = NavItem("Simpan & keluar", nothing, "save")


def forward(label: str, icon: str = "forward") -> NavItem:
    """The one filled button."""
    return NavItem(label, nothing, icon, "right", "filled")


class Welcome(KioskScreen):
    horizon = 1150
    clock = "day"

    def build(self) -> None:
        look = self.look
        from screens.widgets import raster

        if not look.contrast:
            stops = ((0.0, "#073844"), (0.35, "#0C5462"), (0.75, "#1F7A86"), (1.0, "#63AAA6"))
            self.sky_pen.picture(raster.gradient(stops), 0, 0, look.wide, 1150)
        cx = look.wide / 2
        self.add_sky(art.Sun(look, cx, 1020, 330, halos=(450, 390), breathe=True))
        if not look.contrast:
            self.pen.picture(raster.gradient(((0.0, "#0C5462"), (1.0, "#073844"))), 0, 1150, look.wide, 260)
            self.pen.rect("#073844", 0, 1410, look.wide, look.tall - 1410)
        self.head(
            "Selamat datang.",
            role="hero",
            sentence="Urus izin usaha di sini, selangkah demi selangkah. Gratis, dan petugas siap membantu.",
            sentence_role="lead",
            sentence_room=760,
            y=210,
        )
        self.horizon = 1150
        sun = look.palette.on_sun
        self.pen.icon("touch", 100, cx - 50, 770, code=sun, fill=True)
        self.pen.text(
            "Sentuh\nuntuk mulai",
            look.role("title")._replace(size=72),
            cx - 300,
            896,
            600,
            code=sun,
            align="center",
        )
        self.pen.text("Touch to start", "lead_small", cx - 300, 1048, 600, code=sun, align="center")
        self.add(art.Bars(look, cx, 1184))
        self.add(art.Ornament(look, 0, 1712, look.wide))


class Identify(KioskScreen):
    horizon = 1010

    def build(self) -> None:
        look = self.look
        self.head(
            "Tempelkan e-KTP Anda",
            step="Langkah 1 dari 3",
            sentence="Letakkan kartu di kotak pembaca, di bawah layar sebelah kanan. Tahan sampai terdengar bunyi.",
        )
        if not look.landscape:
            self.sky_pen.rect(look.palette.sea, 0, self.horizon - 62, look.wide, 62)
            self.tap = self.add_sky(art.CardTap(look, look.wide / 2, self.horizon - 458))
        self.start(32)
        nav = self.nav([BACK, LEAVE], shallow=True)
        self.shore.words("Tidak membawa e-KTP?", "label", gap=16)
        for icon, title, help_line in (
            ("nib", "Pakai NIB", "Nomor Induk Berusaha, 13 angka"),
            ("phone", "Pakai nomor HP", "Kami kirim kode 6 angka"),
            ("anonymous", "Lanjut tanpa identitas", "Cek KBLI, ambil antrean, tanya syarat"),
        ):
            self.shore.put(
                Tile, 138, title, nothing, help_line=help_line, icon=icon, arrow=True, icon_size=64
            )
        assert nav.parts


class Consent(KioskScreen):
    horizon = 470

    def build(self) -> None:
        self.head(
            "Boleh kami memakai\ndata Anda?",
            step="Langkah 2 dari 3",
            sentence="Hanya untuk layanan hari ini. Anda bebas menolak.",
        )
        self.nav(
            [
                NavItem("Tidak setuju", nothing, "leave"),
                NavItem("Saya setuju", nothing, "tick", "right", "filled"),
            ],
            even=True,
        )
        rows = [
            Row("Data yang dipakai", sub="Nama, NIK, alamat, dan nomor HP Anda.", icon="ektp"),
            Row("Untuk apa", sub="Mengisi dan mengirim permohonan izin Anda.", icon="target"),
            Row(
                "Siapa yang melihat", sub="Petugas DPMPTSP dan dinas teknis terkait saja.", icon="users-three"
            ),
            Row("Di mesin ini", sub="Terhapus otomatis begitu Anda selesai.", icon="bin"),
        ]
        self.shore.put(ListCard, rows, plain=True, row_h=143, icon_size=56, gap=30)
        self.toggle = self.shore.put(
            Toggle,
            128,
            "Kabari saya lewat WhatsApp",
            nothing,
            icon="whatsapp",
            help_line="Boleh tidak. Bisa dihentikan kapan saja.",
            gap=28,
        )
        self.add(
            Button(
                self.look,
                self.left + self.width - 324,
                self.shore.y,
                324,
                96,
                "Baca lengkap",
                nothing,
                icon="book-open",
                role="tile_small",
            )
        )


TILES = (
    ("business", "Ajukan izin usaha", "Buat NIB atau izin baru"),
    ("resume", "Lanjutkan berkas", "Unggah yang kurang"),
    ("search", "Cek status", "Sampai di mana izin saya"),
    ("ticket", "Ambil antrean", "Bertemu petugas loket"),
    ("kbli", "Tanya KBLI & risiko", "Cari jenis usaha"),
    ("verify", "Periksa dokumen", "Tanda tangan elektronik"),
    ("pay", "Bayar retribusi", "QRIS atau kode bayar"),
    ("report", "Lapor LKPM", "Laporan investasi"),
    ("video", "Konsultasi video", "Bicara dengan ahli"),
    ("survey", "Beri nilai", "Survei 1 menit"),
)


class Menu(KioskScreen):
    horizon = 570

    def build(self) -> None:
        look = self.look
        if look.large:
            self.horizon = 370
            self.head("Mau urus apa?", step="Pak Rahmat · Halaman 1 dari 2", below=70)
            self.nav([NavItem("Keluar", nothing, "exit"), forward("Layanan lain")], even=True)
        else:
            self.head(
                "Selamat pagi,\nPak Rahmat.",
                role="greeting",
                sentence="Hari ini mau urus apa?",
                sentence_role="lead",
                y=None if look.landscape else 180,
            )
            sun = (300, 792, 170, 230) if look.landscape else (922, self.horizon, 142, 188)
            self.add_sky(art.Sun(look, *sun[:3], halos=(sun[3],)))
            self.nav(
                [
                    NavItem("Bukan Pak Rahmat?", nothing, "user-switch"),
                    NavItem("Selesai & keluar", nothing, "exit"),
                ],
                shallow=True,
                even=True,
            )
            if not look.landscape:
                self.shore.put(
                    Banner,
                    "**1 izin sedang diproses**\nMenunggu Dinas Lingkungan Hidup, hari ke-5 dari 7",
                    "plain",
                    icon="wait",
                    fill=False,
                )

        def make(index: int):
            icon, title, help_line = TILES[index]
            skin = "filled" if index == 0 else "plain"
            return lambda x, y, w, h: Tile(
                look, x, y, w, h, title, nothing, help_line=help_line, icon=icon, skin=skin, arrow=look.large
            )

        high = 196 if look.large else 132 if look.landscape else 152
        self.placed = self.shore.grid([make(i) for i in range(len(TILES))], high)


class Search(KioskScreen):
    horizon = 286

    def build(self) -> None:
        look = self.look
        self.head("Usaha apa yang Anda jalankan?", step="Tanya KBLI & risiko", role="title_small", below=38)
        self.nav([BACK, LEAVE, NavItem("3 lagi", nothing, "more", "right")], shallow=True, even=True)
        self.field = self.shore.put(
            Field,
            "",
            "warung kopi",
            nothing,
            state="active",
            icon="search",
            note="6 cocok",
            on_clear=nothing,
            h=112,
        )
        for code, title, help_line, risk in (
            ("56303", "Rumah minum / kafe", "Kopi dan minuman, diminum di tempat", 2),
            ("56304", "Kedai minuman", "Warung kecil, tempat tetap, bangunan sederhana", 1),
            ("56306", "Minuman keliling", "Gerobak atau motor, berpindah tempat", 1),
        )[: 1 if look.large else 3]:
            tile = self.shore.put(
                Tile,
                168,
                title,
                nothing,
                help_line=help_line,
                code=("KBLI", code),
                arrow=True,
                chip_room=44,
                role="tile_small",
                keep=False,
                gap=18,
            )
            tile.add(Chip.risk(look, *tile.chip_at, risk))
            if code == "56303":
                tile.choose(on=True)
        self.keyboard = self.add(Keyboard(look, (look.wide - 1016) / 2, look.tall - 858))


class Risk(KioskScreen):
    horizon = 476

    def build(self) -> None:
        look = self.look
        self.head(
            "Risiko menengah\nrendah",
            step="KBLI 56303 · Rumah minum / kafe",
            sentence="Cukup isi data dan pernyataan. Tidak perlu survei lapangan.",
            room=780,
        )
        self.add(RiskBars(look, self.left + self.width - 146, 168, 2, look.palette.sun, w=146, h=116))
        self.nav([BACK, LEAVE, forward("Ajukan izin")])
        self.shore.words("**Modal usaha Anda**  (di luar tanah dan bangunan)", "small", gap=14)

        def scale(label: str, sub: str, skin: SkinName):
            return lambda x, y, w, h: Button(
                look,
                x,
                y,
                w,
                h,
                label,
                nothing,
                sub=sub,
                role="tile_small",
                skin=skin,
                icon="done" if skin == "filled" else None,
                fill_icon=True,
            )

        self.shore.grid(
            [
                scale("Mikro", "sampai Rp1 miliar", "filled"),
                scale("Kecil", "Rp1–5 miliar", "plain"),
                scale("Lebih besar", "di atas Rp5 miliar", "plain"),
            ],
            112,
            columns=3,
            gap=16,
        )
        self.shore.grid(
            [
                lambda x, y, w, h: Figure(look, x, y, w, "Perkiraan selesai", "1 hari kerja"),
                lambda x, y, w, h: Figure(look, x, y, w, "Biaya izin", "Rp0"),
            ],
            0,
        )
        if not look.large:
            green = look.palette.tones["green"].icon
            self.shore.put(
                ListCard,
                [
                    Row(
                        "NIB dan Sertifikat Standar",
                        icon="verify",
                        icon_code=green,
                        fill_icon=True,
                        bold=False,
                    )
                ],
                title="Yang Anda dapat",
            )
            self.shore.put(
                ListCard,
                [
                    Row("e-KTP pemilik", icon="ektp", bold=False),
                    Row("Alamat dan luas tempat usaha", icon="map-pin", bold=False),
                    Row(
                        "Pernyataan lingkungan (SPPL)",
                        sub="Dibuat otomatis, tinggal disetujui",
                        icon="leaf",
                        bold=False,
                    ),
                ],
                title="Yang perlu disiapkan",
                row_h=84,
                head_button=("Cetak", "print", nothing),
            )


class Number(KioskScreen):
    horizon = 436

    def build(self) -> None:
        look = self.look
        self.head("Berapa luas tempat\nusaha Anda?", step="Langkah 3 dari 5 · Lokasi usaha", stepper=(3, 5))
        self.nav([BACK, SAVE, forward("Lanjut")])
        y = self.shore.y + 12
        half = (self.width - 20) / 2
        self.first = self.add(
            Field(look, self.left, y, half, "Luas tanah", "120", nothing, unit="m²", state="valid")
        )
        self.second = self.add(
            Field(
                look,
                self.left + half + 20,
                y,
                half,
                "Luas bangunan",
                "48",
                nothing,
                unit="m²",
                state="active",
            )
        )
        self.shore.y = self.first.bottom + 22
        if not look.large:
            self.shore.put(
                Banner,
                "Tidak tahu pasti? Kalikan panjang dan lebar. Contoh:\n6 m × 8 m = **48 m²**",
                icon="hint",
                gap=26,
            )
        self.keypad = self.shore.put(Keypad)


class States(KioskScreen):
    """Buttons and fields in states no sample screen shows."""

    horizon = 240

    def build(self) -> None:
        look = self.look
        self.head("Keadaan", role="title_small", below=30)
        self.nav([BACK, LEAVE, NavItem("Cetak", nothing, "print", enabled=False)])
        w = (self.width - 36) / 3
        y = self.shore.y

        def three(makes: list) -> None:
            nonlocal y
            parts = [self.add(m(self.left + i * (w + 18), y, w)) for i, m in enumerate(makes)]
            y += max(p.h for p in parts) + 18

        three(
            [
                lambda x, y, w: Button(look, x, y, w, 128, "Biasa", nothing, icon="back"),
                lambda x, y, w: Button(
                    look, x, y, w, 128, "Isi", nothing, skin="filled", icon="forward", icon_at="right"
                ),
                lambda x, y, w: Button(look, x, y, w, 128, "Selesai", nothing, skin="success", icon="tick"),
            ]
        )
        three(
            [
                lambda x, y, w: Button(look, x, y, w, 128, "Hapus", nothing, skin="danger", icon="bin"),
                lambda x, y, w: Button(
                    look,
                    x,
                    y,
                    w,
                    128,
                    "Ambil",
                    nothing,
                    skin="sun",
                    icon="camera",
                    fill_icon=True,
                    lip="ambil",
                ),
                lambda x, y, w: Button(look, x, y, w, 128, "Mati", nothing, enabled=False),
            ]
        )
        before = len(self.parts)
        three(
            [
                lambda x, y, w: Button(look, x, y, w, 128, "Ditekan", nothing),
                lambda x, y, w: Button(look, x, y, w, 128, "Ditekan", nothing, skin="filled"),
                lambda x, y, w: Button(look, x, y, w, 128, "Kirim", nothing, skin="filled"),
            ]
        )
        pressed, filled, busy = self.parts[before : before + 3]
        assert isinstance(pressed, Button)
        assert isinstance(filled, Button)
        assert isinstance(busy, Button)
        pressed.press(pressed.x + 5, pressed.y + 5)
        filled.press(filled.x + 5, filled.y + 5)
        busy.set_busy(True)
        three(
            [
                lambda x, y, w: Button(
                    look, x, y, w, 180, "Lampu", nothing, icon="hint", icon_at="above", role="tile_small"
                ),
                lambda x, y, w: Button(look, x, y, w, 180, "Fokus", nothing),
                lambda x, y, w: Dashed(look, x, y, w, 220, "Tambah", nothing),
            ]
        )
        self.parts[-2].focus(on=True)
        self.shore.y = y
        self.shore.put(Field, "Nomor HP", "12a", nothing, state="error", error="Angka saja, misalnya 48")
        self.shore.put(CodeBoxes).say("1234")
        y = self.shore.y
        x = self.left
        chips: list[tuple[str, ToneName, str | None]] = [
            ("Siap", "green", "done"),
            ("Hampir habis", "amber", "late"),
            ("Lewat 1 hari", "brick", "late"),
            ("Paling lama 2 hari", "tint", None),
        ]
        for words, tone, icon in chips:
            chip = self.add(Chip(look, x, y, words, tone, icon=icon, h=52))
            x += chip.w + 14
            if x > 800:
                x, y = self.left, y + 64
        y += 66
        x = self.left
        if look.large:
            return
        for level in (1, 2, 3, 4):
            chip = self.add(Chip.risk(look, x, y, level))
            x += chip.w + 14
            if x > 700:
                x, y = self.left, y + 56
        self.shore.y = y + 60
        self.shore.put(Banner, "Internet terputus. Data Anda aman.", "brick", icon="wifi-slash", gap=10)


class Review(KioskScreen):
    horizon = 430

    def build(self) -> None:
        self.head(
            "Sudah benar semua?",
            step="Langkah 5 dari 5",
            sentence="Periksa sekali lagi sebelum dikirim.",
            stepper=(5, 5),
        )
        self.nav([BACK, SAVE, forward("Kirim", "send")])
        rows = [
            Row("Rahmat Hidayat", caption="Nama pemohon", button="Ubah", button_icon="edit", on_tap=nothing),
            Row(
                "Warung Kopi Pantai Indah\nKBLI 56303",
                caption="Usaha",
                button="Ubah",
                button_icon="edit",
                on_tap=nothing,
            ),
            Row(
                "Jl. Pantai, Kel. Koto Jaya, Kota Mukomuko",
                caption="Lokasi",
                button="Ubah",
                button_icon="edit",
                on_tap=nothing,
            ),
            Row(
                "120 m² dan 48 m²",
                caption="Luas tanah dan bangunan",
                button="Ubah",
                button_icon="edit",
                on_tap=nothing,
            ),
            Row("3 berkas, 5 halaman", caption="Berkas", button="Ubah", button_icon="edit", on_tap=nothing),
        ]
        if self.look.large:
            rows = rows[:3]
        self.shore.put(ListCard, rows, gap=28)
        self.check = self.shore.put(
            CheckTile, 190, "Saya menyatakan data ini benar dan bertanggung jawab atas isinya.", nothing
        )
        self.check.fire()


class Success(KioskScreen):
    horizon = 640
    sky = "done"

    def build(self) -> None:
        look = self.look
        self.head(
            "Permohonan Anda\nsudah kami terima.",
            step="Terkirim pukul 09.41 WIB",
            sentence="Simpan nomor ini:",
            below=150,
        )
        self.pen.text(
            "MKM-2026-0417", "greeting", self.left, self.horizon - 155, None, code=look.palette.on_sky
        )
        self.nav([NavItem("Menu utama", nothing, "menu"), forward("Selesai", "tick")], even=True)
        self.shore.put(
            InfoCard,
            "Pantau dari HP",
            "Arahkan kamera HP ke kotak ini. Tidak perlu aplikasi.",
            qr="https://contoh.invalid/p/9f2c41d07b",
        )
        self.shore.put(
            Banner,
            "Perkiraan selesai **Rabu, 25 November 2026**. Kami kabari bila ada kekurangan.",
            "green",
            icon="calendar-check",
        )
        self.shore.words("Mau bukti yang mana?", "tile", gap=16)
        self.shore.grid(
            [
                lambda x, y, w, h: Tile(
                    look,
                    x,
                    y,
                    w,
                    h,
                    "Cetak kertas",
                    nothing,
                    help_line="1 lembar kecil",
                    icon="print",
                    layout="stack",
                ),
                lambda x, y, w, h: Tile(
                    look,
                    x,
                    y,
                    w,
                    h,
                    "Tanpa kertas",
                    nothing,
                    help_line="Kirim ke 08•• •••• 4821",
                    icon="phone",
                    layout="stack",
                ),
            ],
            234,
        )


class Status(KioskScreen):
    horizon = 452

    def build(self) -> None:
        look = self.look
        y = self.head(
            "Sedang diperiksa dinas teknis",
            step="MKM-2026-0388 · Bengkel Las Jaya",
            sentence="Hari kerja ke-7 dari paling lama 14. Anda tidak perlu datang.",
            below=100,
            start=36,
        )
        self.add(Progress(look, self.sky_left, y + 30, self.sky_width, 0.5))
        self.nav([BACK, LEAVE, forward("Tanyakan", "chat-circle-text")])
        inside = (
            StageRow("Dinas PU", "Tata ruang: disetujui", "done", "3 hari", "green"),
            StageRow("Lingkungan Hidup (DLH)", "Memeriksa UKL-UPL", "now", "Hari ke-5 dari 7", "amber"),
            StageRow("Pemadam Kebakaran", "Menjadwalkan kunjungan", "late", "Lewat 1 hari", "brick"),
        )
        self.shore.put(
            Timeline,
            [
                StageRow("Permohonan diterima", "Senin, 16 Nov 2026", "done", "Hari ke-1", "green"),
                StageRow("Berkas lengkap", "Diperiksa petugas DPMPTSP", "done", "1 hari", "green"),
                StageRow("Persetujuan teknis", "", "now", inside=inside, inside_note="berjalan bersamaan"),
                StageRow(
                    "Tanda tangan Kepala Dinas", "Tanda tangan elektronik", "ahead", "Paling lama 2 hari"
                ),
                StageRow("Izin terbit", "Dikirim ke HP dan surel Anda", "ahead"),
            ],
            gap=36,
        )
        if self.shore.room > 100:
            self.shore.grid(
                [
                    lambda x, y, w, h: Button(
                        look, x, y, w, h, "Cetak status", nothing, icon="print", role="tile_small"
                    ),
                    lambda x, y, w, h: Button(
                        look, x, y, w, h, "Kirim ke HP", nothing, icon="phone", role="tile_small"
                    ),
                ],
                104,
            )


class Ticket(KioskScreen):
    horizon = 1130

    def build(self) -> None:
        look = self.look
        self.head("Ini nomor Anda", sentence="Ambil kertas di celah bawah layar.")
        self.add_sky(
            TicketCard(
                look,
                (look.wide - 820) / 2,
                390,
                820,
                "Loket Perizinan",
                "A-047",
                [("Di depan Anda", "6 orang"), ("Kira-kira dipanggil", "pukul 09.45")],
                sky=look.palette.sky["samudra"],
            )
        )
        self.add_sky(art.Ornament(look, 0, self.horizon - 52, look.wide))
        self.start(32)
        self.nav([NavItem("Menu utama", nothing, "menu"), forward("Selesai", "tick")], even=True)
        self.shore.put(
            InfoCard,
            "Pantau antrean dari HP",
            "Anda boleh menunggu di luar. Kami panggil lewat suara dan HP.",
            qr="https://contoh.invalid/a/41d07b",
            qr_size=170,
        )
        self.shore.put(
            Banner,
            "Lansia, hamil, atau difabel? Sentuh **Panggil petugas** untuk loket prioritas.",
            icon="wheelchair",
        )


class Camera(KioskScreen):
    horizon = 300
    sky = "dark"

    def build(self) -> None:
        look = self.look
        self.head("Foto surat sewa tempat", step="Berkas 2 dari 3", role="title_small", below=50)
        self.pen.rect("#04171C", 0, self.horizon, look.wide, look.tall)
        top = self.horizon
        view = self.add(CameraView(look, 0, top, look.wide, 1040))
        w, h = 640, 480
        rows = []
        for y in range(h):
            line = bytearray(b"\x34\x3a\x3e\xff" * w)
            if 60 < y < 420:
                line[220 * 4 : 440 * 4] = b"\xf0\xf4\xf6\xff" * 220
            rows.append(bytes(line))
        view.feed(b"".join(rows), w, h)
        view.outline([(220, 60), (440, 60), (440, 420), (220, 420)], steady=True)
        y = top + 1040 + 26
        third = (self.width - 36) / 3
        for i, word in enumerate(("Tajam", "Lengkap", "Tanpa silau")):
            self.add(
                Chip(
                    look,
                    self.left + i * (third + 18),
                    y,
                    word,
                    "green",
                    icon="done",
                    h=84,
                    w=third,
                    role="button_small",
                )
            )
        y += 118
        self.add(
            Button(
                look,
                self.left,
                y,
                216,
                220,
                "Kembali",
                nothing,
                icon="back",
                icon_at="above",
                role="button_small",
            )
        )
        self.add(
            Button(
                look,
                self.left + 240,
                y,
                488,
                220,
                "Ambil",
                nothing,
                icon="camera",
                fill_icon=True,
                skin="sun",
                role="ambil",
                lip="ambil",
                radius=36,
                icon_size=84,
            )
        )
        self.add(
            Button(
                look,
                self.left + 752,
                y,
                216,
                220,
                "Lampu",
                nothing,
                icon="hint",
                icon_at="above",
                role="button_small",
            )
        )


class Pages(KioskScreen):
    horizon = 400

    def build(self) -> None:
        look = self.look
        self.head(
            "Periksa hasil foto",
            step="Berkas 2 dari 3 · Surat sewa tempat",
            sentence="Semua tulisan harus bisa dibaca.",
        )
        self.nav([BACK, LEAVE, forward("Lanjut")])
        half, high = (self.width - 22) / 2, 566
        y = self.shore.y
        for i, (verdict, good) in enumerate((("Jelas", True), ("Ada silau", False), ("Jelas", True))):
            self.add(
                PageCard(
                    look,
                    self.left + (i % 2) * (half + 22),
                    y + (i // 2) * (high + 22),
                    half,
                    high,
                    i + 1,
                    verdict,
                    good=good,
                    on_again=nothing,
                    on_delete=nothing,
                )
            )
        self.add(Dashed(look, self.left + half + 22, y + high + 22, half, high, "Tambah halaman", nothing))


class Survey(KioskScreen):
    horizon = 558

    def build(self) -> None:
        look = self.look
        self.head(
            "Bagaimana kecepatan\nlayanan kami hari ini?",
            step="Pertanyaan 3 dari 9 · Waktu layanan",
            sentence="Tanpa nama. Sentuh satu wajah.",
            stepper=(3, 9),
        )
        self.nav([BACK, NavItem("Lewati", nothing), NavItem("Berhenti", nothing, "leave")])

        def face(number: int, words: str):
            def make(x: float, y: float, w: float, h: float) -> Part:
                tile = Tile(look, x, y, w, h, "", nothing)
                side = 184.0
                room = h - 9
                top = y + (room - side - 60) / 2
                tile.face.picture(
                    art.texture(art.CREST.parent / f"face-{number}.png"), x + (w - side) / 2, top, side, side
                )
                tile.face.text(
                    words, "tile", x + 20, top + side + 22, w - 40, code=tile.skin.text, align="center"
                )
                return tile

            return make

        self.shore.y += 24
        words = ("Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat")
        columns_h = 408 if not look.large else 200
        self.shore.grid([face(i + 1, w) for i, w in enumerate(words)], columns_h, gap=22, row_gap=24)


class Offline(KioskScreen):
    horizon = 720
    sky = "notice"

    def build(self) -> None:
        look = self.look
        self.head(
            "Tetap bisa.\nData Anda aman.",
            step="Internet terputus sejak 09.31",
            role="greeting",
            sentence="Tersimpan terkunci di mesin ini, lalu dikirim otomatis begitu internet kembali.",
        )
        self.add_sky(art.Picture(look, 768, self.horizon - 202, 174, 148, "boat.png"))
        self.add_sky(art.Waves(look, self.horizon - 100))
        self.nav([LEAVE, forward("Lanjutkan")])
        green = look.palette.tones["green"].icon
        self.shore.put(
            ListCard,
            [
                Row(
                    "Isi permohonan dan foto berkas",
                    sub="Nomor sementara dicetak untuk Anda",
                    icon="done",
                    icon_code=green,
                    fill_icon=True,
                ),
                Row(
                    "Ambil nomor antrean",
                    sub="Loket tetap melayani",
                    icon="done",
                    icon_code=green,
                    fill_icon=True,
                ),
            ],
            title="Bisa sekarang",
        )


def timeout_dialog(look: Look) -> Dialog:
    """The dialog of a visit about to end."""
    return Dialog(
        look,
        "Masih di sini?",
        "Demi keamanan data, layar akan ditutup.\nIsian Anda disimpan 7 hari.",
        [
            NavItem("Ya, saya masih di sini", nothing, "touch", skin="filled"),
            NavItem("Simpan dan keluar", nothing, "exit"),
        ],
        countdown=45,
    )


SCREENS: dict[str, type[KioskScreen]] = {
    "welcome": Welcome,
    "identify": Identify,
    "consent": Consent,
    "menu": Menu,
    "search": Search,
    "risk": Risk,
    "number": Number,
    "camera": Camera,
    "pages": Pages,
    "review": Review,
    "success": Success,
    "status": Status,
    "ticket": Ticket,
    "survey": Survey,
    "offline": Offline,
    "states": States,
}


def stage_for(look: Look) -> Stage:
    """A stage of the sample office."""
    stage = Stage(look, office=("DPMPTSP", "Kabupaten Mukomuko"))
    stage.tell_time(272, 300)
    stage.tell_day("09.24", "Selasa, 24 Nov 2026")
    return stage


def picture(stage: Stage) -> bytes:
    """The stage as PNG, drawn into a framebuffer of its own size: the test run's one window may be any size."""
    from kivy.graphics import Fbo

    from screens.window import png

    width, height = stage.look.width, stage.look.height
    buffer = Fbo(size=(width, height))
    buffer.add(stage.canvas)
    buffer.draw()
    raw = bytes(buffer.pixels)
    buffer.remove(stage.canvas)
    rgb = bytearray(width * height * 3)
    for channel in range(3):
        rgb[channel::3] = raw[channel::4]
    return png(bytes(rgb), width, height)
