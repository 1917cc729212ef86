#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""Makes locked.pdf: one page, encrypted with the user password "Überfahrt 7" in the 8-bit code of old PDF (needs reportlab)."""

from pathlib import Path

from reportlab.lib import pdfencrypt
from reportlab.pdfgen import canvas

password = "Überfahrt 7".encode("latin-1").decode("latin-1")
encryption = pdfencrypt.StandardEncryption(password, ownerPassword="owner", strength=128)
page = canvas.Canvas(str(Path(__file__).with_name("locked.pdf")), encrypt=encryption, invariant=1)
page.setFont("Helvetica", 11)
page.drawString(72, 700, "A secret page.")
page.save()
