using Gateway.Http.Answers;

namespace Gateway.Http.Resources;

/// <summary>The operator's words, kept in the audit trail.</summary>
internal sealed record WhyRequest(string Why = "")
{
    /// <summary>The audit trail has a bound, and so has each of its entries.</summary>
    private const int LengthMax = 1000;

    public static string TextOf(WhyRequest? request) => Checked(request?.Why);

    /// <exception cref="ProblemException">It is too long.</exception>
    public static string Checked(string? why) => why is { Length: > LengthMax }
        ? throw ProblemException.BadRequest($"why has {why.Length} characters; at most {LengthMax} are kept.")
        : why ?? "";
}
