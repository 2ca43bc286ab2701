namespace Gateway.Dashboard.Parts;

/// <summary>A bar of a picture.</summary>
/// <param name="Start">Share of the width, 0 to 1.</param>
/// <param name="Width">Likewise.</param>
/// <param name="Tone">The colour's name in the style sheet.</param>
/// <param name="Text">The label, shown if it fits.</param>
/// <param name="Title">The full description.</param>
public sealed record PictureBar(double Start, double Width, string Tone, string Text, string Title);
