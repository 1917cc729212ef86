// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/theme/theme.h"

#include <algorithm>
#include <vector>

#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtGui/QPainter>
#include <QtGui/QPalette>
#include <QtGui/QScreen>
#include <QtSvg/QSvgRenderer>
#include <QtWidgets/QApplication>
#include <QtWidgets/QStyle>
#include <QtWidgets/QStyleFactory>
#include <QtWidgets/QToolTip>

#include "ui/theme/mask_icon_engine.h"

namespace lectern {

namespace {

struct TokenName {
    const char* name;
    QPalette::ColorRole fallback; ///< where the file does not say
};

constexpr std::array<TokenName, kTokenCount> kTokenNames = {{
    {"window", QPalette::Window},       {"surface", QPalette::Base},
    {"raised", QPalette::Base},         {"desk", QPalette::Window},
    {"paper", QPalette::Base},          {"ink", QPalette::Text},
    {"hover", QPalette::Window},        {"border", QPalette::Mid},
    {"control", QPalette::Dark},        {"text", QPalette::Text},
    {"muted", QPalette::Text},          {"disabled", QPalette::Mid},
    {"accent", QPalette::Highlight},    {"onaccent", QPalette::HighlightedText},
    {"selection", QPalette::Highlight}, {"onselection", QPalette::HighlightedText},
    {"idle", QPalette::Window},         {"verified", QPalette::Text},
    {"partly", QPalette::Text},         {"gist", QPalette::Text},
    {"contradicted", QPalette::Text},   {"warm", QPalette::Text},
    {"lit", QPalette::Highlight},       {"lit-soft", QPalette::Midlight},
    {"lit-rule", QPalette::Text},       {"strip", QPalette::Dark},
    {"strip-none", QPalette::Mid},
}};

struct RoleSize {
    double offset;  ///< points beside the system font's size
    int lineHeight; ///< pixels where the system font has 10 points
    QFont::Weight weight;
};

RoleSize sizeOf(TextRole role) {
    switch (role) {
    case TextRole::Display:
        return {5, 26, QFont::DemiBold};
    case TextRole::Question:
        return {2, 22, QFont::DemiBold};
    case TextRole::Answer:
        return {0.5, 22, QFont::Normal};
    case TextRole::Body:
        return {0, 20, QFont::Normal};
    case TextRole::Strong:
        return {0, 20, QFont::DemiBold};
    case TextRole::Small:
        return {-1, 16, QFont::Normal};
    case TextRole::Caption:
        return {-1.5, 15, QFont::Medium};
    case TextRole::Quote:
        return {-1, 17, QFont::Normal};
    }
    return {0, 20, QFont::Normal};
}

QPalette paletteOf(const Theme& theme) {
    using R = QPalette;
    QPalette palette;
    const std::pair<R::ColorRole, Token> roles[] = {
        {R::Window, Token::Window},
        {R::WindowText, Token::Text},
        {R::Base, Token::Surface},
        {R::AlternateBase, Token::Window},
        {R::Text, Token::Text},
        {R::Button, Token::Raised},
        {R::ButtonText, Token::Text},
        {R::ToolTipBase, Token::Raised},
        {R::ToolTipText, Token::Text},
        {R::Highlight, Token::Selection},
        {R::HighlightedText, Token::OnSelection},
        {R::Link, Token::Accent},
        {R::LinkVisited, Token::Accent},
        {R::PlaceholderText, Token::Muted},
        {R::Mid, Token::Border},
        {R::Dark, Token::Control},
        {R::Light, Token::Raised},
        {R::Midlight, Token::Hover},
        {R::Shadow, Token::Border},
    };
    for (const auto& [role, token] : roles) palette.setColor(role, theme.color(token));
    for (R::ColorRole role : {R::WindowText, R::Text, R::ButtonText})
        palette.setColor(R::Disabled, role, theme.color(Token::Disabled));
    palette.setColor(R::Inactive, R::Highlight, theme.color(Token::Idle));
    palette.setColor(R::Inactive, R::HighlightedText, theme.color(Token::Text));
    return palette;
}

} // namespace

Theme::Theme(const QString& resourcesFolder, QObject* parent)
    : QObject(parent), m_folder(resourcesFolder), m_base(QApplication::font()),
      m_systemIsDark(QApplication::palette().color(QPalette::Window).lightness() < 128) {
    if (m_base.pointSizeF() <= 0) m_base.setPointSizeF(10);
    choose(ThemeChoice::System);
}

void Theme::choose(ThemeChoice choice, bool highContrast) {
    m_choice = choice;
    m_highContrast = highContrast;
    const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && m_systemIsDark);
    readColors(QLatin1String(highContrast ? "hc-" : "") + QLatin1String(dark ? "dark" : "light"));
    m_pixmaps.clear();
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(paletteOf(*this));
    QToolTip::setPalette(paletteOf(*this));
    qApp->setStyleSheet(readSheet());
    emit changed();
}

bool Theme::isDark() const { return color(Token::Window).lightness() < 128; }

void Theme::readColors(const QString& group) {
    const QPalette system = QApplication::style()->standardPalette();
    for (int i = 0; i < kTokenCount; ++i) m_colors[size_t(i)] = system.color(kTokenNames[size_t(i)].fallback);
    QFile file(m_folder + QStringLiteral("/theme/tokens.json"));
    if (!file.open(QIODevice::ReadOnly)) {
        m_problem = tr("The colours cannot be read from %1. Install Lectern again.").arg(file.fileName());
        return;
    }
    const QJsonObject colors = QJsonDocument::fromJson(file.readAll()).object().value(group).toObject();
    for (int i = 0; i < kTokenCount; ++i) {
        const QLatin1String name(kTokenNames[size_t(i)].name);
        const QColor color(colors.value(name).toString());
        if (color.isValid())
            m_colors[size_t(i)] = color;
        else
            m_problem = tr("%1 does not name the colour “%2”. Install Lectern again.").arg(file.fileName(), name);
    }
}

QString Theme::readSheet() {
    QFile file(m_folder + QStringLiteral("/theme/lectern.qss"));
    if (!file.open(QIODevice::ReadOnly)) {
        m_problem = tr("The style sheet cannot be read from %1. Install Lectern again.").arg(file.fileName());
        return {};
    }
    QString sheet = QString::fromUtf8(file.readAll());
    std::vector<std::pair<QString, QString>> values;
    for (int i = 0; i < kTokenCount; ++i)
        values.emplace_back(QLatin1Char('@') + QLatin1String(kTokenNames[size_t(i)].name), m_colors[size_t(i)].name());
    values.emplace_back(QStringLiteral("@small-pt"), QString::number(font(TextRole::Small).pointSizeF()));
    values.emplace_back(QStringLiteral("@icons"), m_folder + QStringLiteral("/icons"));
    // Longer names first: @lit-soft before @lit.
    std::sort(values.begin(), values.end(),
              [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    for (const auto& [name, value] : values) sheet.replace(name, value);
    return sheet;
}

QFont Theme::font(TextRole role, bool italic) const {
    const RoleSize size = sizeOf(role);
    QFont font = m_base;
    if (role == TextRole::Quote)
        font.setFamilies({QStringLiteral("Noto Serif"), QStringLiteral("Source Serif 4"),
                          QStringLiteral("Liberation Serif"), QStringLiteral("serif")});
    font.setPointSizeF(m_base.pointSizeF() + size.offset);
    font.setWeight(size.weight);
    font.setItalic(italic);
    return font;
}

int Theme::lineHeight(TextRole role) const {
    const QScreen* screen = QGuiApplication::primaryScreen();
    const double dots = screen ? screen->logicalDotsPerInchY() : 96.0;
    return qRound(sizeOf(role).lineHeight * (m_base.pointSizeF() / 10.0) * (dots / 96.0));
}

QIcon Theme::icon(const QString& name, Token token) const { return QIcon(new MaskIconEngine(*this, name, token)); }

QPixmap Theme::pixmap(const QString& name, int size, const QColor& color, qreal ratio) const {
    const QString key = QStringLiteral("%1 %2 %3 %4").arg(name).arg(size).arg(color.rgba()).arg(ratio);
    if (const auto found = m_pixmaps.constFind(key); found != m_pixmaps.constEnd()) return *found;
    QPixmap map(QSize(size, size) * ratio);
    map.setDevicePixelRatio(ratio);
    map.fill(Qt::transparent);
    QSvgRenderer renderer(m_folder + QStringLiteral("/icons/") + name + QStringLiteral(".svg"));
    if (renderer.isValid()) {
        QPainter painter(&map);
        renderer.render(&painter, QRectF(0, 0, size, size));
        // QtSvg paints currentColor black, so the drawing serves as a mask.
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(QRect(0, 0, size, size), color);
    }
    m_pixmaps.insert(key, map);
    return map;
}

QIcon Theme::applicationIcon() const { return QIcon(m_folder + QStringLiteral("/icons/lectern.svg")); }

QColor Theme::verdictColor(const QString& verdict) const {
    if (verdict == QLatin1String("verified")) return color(Token::Verified);
    if (verdict == QLatin1String("partly")) return color(Token::Partly);
    if (verdict == QLatin1String("contradicted")) return color(Token::Contradicted);
    return color(Token::Gist);
}

} // namespace lectern
