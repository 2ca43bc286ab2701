namespace Gateway.Dashboard.Parts;

/// <summary>What an operator said to a question.</summary>
internal sealed record Answer(string Why, string Destination, bool IncludeInDoubt);

/// <summary>How far a count has come.</summary>
/// <param name="Found">Messages so far.</param>
/// <param name="Share">Of what has to be looked through, 0 to 1.</param>
/// <param name="IsEnd">That is all.</param>
public readonly record struct CountSoFar(long Found, double Share, bool IsEnd);
