using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Answers;

/// <summary>A request that cannot be served, answered as problem details (RFC 9457).</summary>
/// <param name="status">The status of the answer.</param>
/// <param name="code">The kind of problem, for programs.</param>
/// <param name="detail">Sentences that explain the fault and its remedy.</param>
internal sealed class ProblemException(int status, string code, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The header WWW-Authenticate; empty for none.</summary>
    public string Challenge { get; init; } = "";

    /// <summary>Additional members of the answer, for programs.</summary>
    public IReadOnlyDictionary<string, object?> More { get; init; } = new Dictionary<string, object?>();

    public static ProblemException BadRequest(string detail) => new(StatusCodes.Status400BadRequest, "bad-request", detail);

    public static ProblemException NotFound(string detail) => new(StatusCodes.Status404NotFound, "not-found", detail);
}
