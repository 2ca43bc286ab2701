namespace Gateway.Dashboard.Parts;

/// <summary>An operator's input to a dialog.</summary>
internal sealed record Answer(string Why, string Destination, bool IncludeInDoubt);

/// <summary>The progress of a count.</summary>
/// <param name="Found">Messages found so far.</param>
/// <param name="Share">The share examined, 0 to 1.</param>
/// <param name="IsEnd">True when the count is complete.</param>
public readonly record struct CountSoFar(long Found, double Share, bool IsEnd);
