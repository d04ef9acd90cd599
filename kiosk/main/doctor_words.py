"""What the doctor says, in Indonesian and English; by part and by the short word of a finding."""

from __future__ import annotations

import os

PARTS: dict[str, tuple[str, str]] = {
    "settings": ("Pengaturan", "Settings"),
    "card": ("Pembaca e-KTP", "Card reader"),
    "camera": ("Kamera dokumen", "Document camera"),
    "printer": ("Printer karcis", "Ticket printer"),
    "archive": ("Arsip PDF/A", "Archive files"),
    "portal": ("Portal kantor", "Office portal"),
    "store": ("Penyimpanan", "Store"),
    "outbox": ("Antrean kirim", "Outbox"),
    "spool": ("Antrean cetak", "Print spool"),
    "keys": ("Kunci", "Keys"),
    "disk": ("Disk", "Disk"),
    "clock": ("Jam", "Clock"),
    "memory": ("Memori", "Memory"),
}

STATES: dict[str, tuple[str, str]] = {
    "ready": ("siap", "ready"),
    "degraded": ("perlu dicek", "needs a look"),
    "absent": ("tidak ada", "absent"),
    "failed": ("rusak", "failed"),
    "unknown": ("tidak menjawab", "no answer"),
    "none": ("tidak dipakai", "not used"),
}

WORDS: dict[str, tuple[str, str]] = {
    # devices: what to do about the words the drivers say
    "not_connected": (
        "Periksa kabel, daya, dan alamat printer.",
        "Check the printer's cable, power and address.",
    ),
    "cover_open": ("Tutup penutup printer.", "Close the printer's cover."),
    "paper_out": ("Pasang gulungan kertas 80 mm.", "Put in a new 80 mm roll."),
    "paper_low": ("Kertas hampir habis; siapkan gulungan 80 mm.", "Paper is low; have an 80 mm roll ready."),
    "printer_error": (
        "Bersihkan kertas di pemotong, tutup, lalu nyalakan ulang.",
        "Clear paper from the cutter, close it, switch off and on.",
    ),
    "offline": ("Tekan tombol feed atau online di printer.", "Press the printer's feed or online button."),
    "one_way": (
        "Sambungan ini tidak bisa menjawab; pakai USB atau jaringan.",
        "This line cannot answer; use USB or network.",
    ),
    "silent": ("Tidak ada jawaban. Matikan lalu nyalakan lagi.", "No answer. Switch it off and on."),
    "busy": (
        "Sedang dipakai proses lain, atau masih menunggu.",
        "In use by another process, or still waiting.",
    ),
    "ocr_missing": (
        "Bahasa pembaca teks belum terpasang (tesseract-ocr-…). Berkas tetap terkirim, tanpa teks yang bisa dicari.",
        "A language of the text reader is not installed (tesseract-ocr-…). Papers still arrive, not searchable.",
    ),
    "no_camera": ("Sambungkan kamera.", "Plug the camera in."),
    "gone": ("Kamera terlepas. Sambungkan lagi.", "The camera came off. Plug it in again."),
    "not_permitted": (
        "Beri pengguna kios hak atas perangkat ini.",
        "Give the kiosk's user the right to this device.",
    ),
    "no_frame_yet": ("Kamera belum memberi gambar.", "The camera has not given a picture yet."),
    "no_reader": ("Sambungkan pembaca kartu.", "Plug the card reader in."),
    "service_down": (
        "Jalankan pcscd: systemctl start pcscd.socket",
        "Start pcscd: systemctl start pcscd.socket",
    ),
    "sam_missing": ("Modul SAM tidak ditemukan.", "The SAM is not found."),
    "simulated": ("Simulasi, bukan alat sungguhan.", "Simulated, not a real device."),
    "no_world": ("Meja uji tidak berjalan: make demo", "The device bench is not running: make demo"),
    "simulated_on_enrolled": (
        "Kios terdaftar tidak boleh memakai alat simulasi. Ubah 'kind'.",
        "An enrolled kiosk must not use simulated devices. Change 'kind'.",
    ),
    "driver_missing": ("Pengandar tidak terpasang.", "The driver is not installed."),
    # portal
    "unreachable": ("Periksa jaringan dan 'portal.url'.", "Check the network and 'portal.url'."),
    "slow": ("Portal lambat.", "The portal is slow."),
    "portal_error": (
        "Portal menjawab galat; hubungi pengelola portal.",
        "The portal answers errors; tell its keepers.",
    ),
    "tls": (
        "Sertifikat portal tidak dipercaya; lihat 'portal.ca_file'.",
        "Certificate not trusted; see 'portal.ca_file'.",
    ),
    # store
    "not_yet": (
        "Belum dibuat; dibuat saat kios pertama kali jalan.",
        "Not made yet; made when the kiosk first runs.",
    ),
    "wrong_key": (
        "Tidak terbuka dengan kunci ini; akan disisihkan saat kios jalan.",
        "Does not open with this key; will be set aside when the kiosk runs.",
    ),
    "damaged": ("Berkas atau disk rusak. Simpan salinannya.", "File or disk is damaged. Keep a copy."),
    "store_busy": ("Sedang ditulis proses lain; coba lagi.", "Another process is writing; try again."),
    "store_set_aside": (
        "Penyimpanan lama tidak terbuka dan disisihkan di sebelahnya.",
        "The old store did not open and was kept beside the new one.",
    ),
    "workers_key_replaced": (
        "Kunci pekerja diganti; kiriman lama tidak bisa dibuka.",
        "The workers' key was replaced; older items cannot be opened.",
    ),
    "refused": (
        "Ada kiriman yang ditolak portal. Isinya tetap tersimpan, tersegel; petugas perlu melihat.",
        "The portal refused items. They are kept, sealed; an officer must look.",
    ),
    "waiting": ("Akan dikirim begitu portal terjangkau.", "Will be sent as soon as the portal is there."),
    "unknown_prints": (
        "Ada karcis yang belum pasti tercetak; petugas perlu melihat.",
        "Some tickets may not have been printed; an officer must look.",
    ),
    # keys
    "open_to_others": ("Bisa dibaca pengguna lain: chmod 600.", "Others can read it: chmod 600."),
    "missing": ("Berkas tidak ada.", "The file is not there."),
    "unreadable": ("Tidak bisa dibaca.", "It cannot be read."),
    # machine
    "disk_full": ("Hampir penuh. Kosongkan disk.", "Nearly full. Make room."),
    "disk_low": ("Ruang tinggal sedikit.", "Little room left."),
    "clock_off": ("Jam berbeda dari portal; periksa NTP.", "The clock differs from the portal's; check NTP."),
    "clock_unset": ("Tanggal tidak masuk akal; setel jam.", "The date cannot be right; set the clock."),
    "clock_unchecked": ("Tidak ada pembanding jam.", "Nothing to compare the clock with."),
    "swap_on": ("Swap menyala: data bisa tertulis ke disk.", "Swap is on: memory may reach the disk."),
    "not_tmpfs": ("Berkas sementara tidak di tmpfs.", "Temporary files are not on tmpfs."),
    "sample_hours": ("Jam layanan masih contoh.", "Opening hours are still a sample."),
    "wrong_settings": ("Perbaiki, lalu: kiosk settings", "Correct them, then: kiosk settings"),
}

SUMMARY: dict[int, tuple[str, str]] = {
    0: ("Semua baik.", "All is well."),
    1: ("{n} hal perlu dicek.", "{n} to look at."),
    2: ("Kios tidak bisa melayani: {n} hal perlu dicek.", "The kiosk cannot serve: {n} to look at."),
}


def indonesian() -> bool:
    """Whether to speak Indonesian, by LC_ALL, LC_MESSAGES, LANG (the first that is set)."""
    chosen = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return chosen.lower().startswith(("id", "in_"))


def say(pair: tuple[str, str]) -> str:
    return pair[0] if indonesian() else pair[1]
