namespace Gateway.Dashboard.Parts;

/// <summary>A bar of a picture.</summary>
/// <param name="Start">Share of the width, 0 to 1.</param>
/// <param name="Width">Likewise.</param>
/// <param name="Tone">What the style sheet calls its colour.</param>
/// <param name="Text">Written on it where there is room.</param>
/// <param name="Title">All about it.</param>
public sealed record PictureBar(double Start, double Width, string Tone, string Text, string Title);
