using MudBlazor;

namespace Gateway.Dashboard;

/// <summary>The component library's theme; colours come from the style sheet, defined once for dark and once for light.</summary>
internal static class Themes
{
    private static readonly string[] _fonts =
        ["system-ui", "-apple-system", "Segoe UI", "Inter", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];

    public static readonly MudTheme Gateway = new()
    {
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = _fonts, FontSize = "0.9375rem", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = _fonts, FontSize = "0.9375rem", LetterSpacing = "normal" },
            Button = new ButtonTypography
            {
                FontFamily = _fonts,
                TextTransform = "none",
                FontSize = "0.875rem",
                LetterSpacing = "normal",
                FontWeight = "500"
            },
        },
    };
}
