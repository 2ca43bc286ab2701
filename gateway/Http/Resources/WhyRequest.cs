using Gateway.Http.Answers;

namespace Gateway.Http.Resources;

/// <summary>The operator's reason, kept in the audit trail.</summary>
internal sealed record WhyRequest(string Why = "")
{
    /// <summary>Bounds an entry of the audit trail, which is bounded too.</summary>
    private const int LengthMax = 1000;

    public static string TextOf(WhyRequest? request) => Checked(request?.Why);

    /// <exception cref="ProblemException">The reason is too long.</exception>
    public static string Checked(string? why) => why is { Length: > LengthMax }
        ? throw ProblemException.BadRequest($"why has {why.Length} characters; at most {LengthMax} are kept.")
        : why ?? "";
}
