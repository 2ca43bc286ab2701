using System.Net;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Api;

/// <summary>The gateway did not serve a request to its HTTP API; the message is a sentence or two for the user.</summary>
/// <param name="status">The status of the answer; null if there was none.</param>
internal sealed class ApiException(HttpStatusCode? status, string message) : Exception(message)
{
    public HttpStatusCode? Status { get; } = status;

    /// <summary>The code of the gateway's answer, by which programs know its reason; empty if there is none.</summary>
    public string Code { get; init; } = "";

    /// <summary>The token is missing or not accepted.</summary>
    public bool IsAboutTheToken => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    /// <summary>The address at which nothing listens, so that no gateway runs there; null if something does, or may.</summary>
    public string? NobodyAt { get; init; }

    public ExitCode ExitCode => Status switch
    {
        null or HttpStatusCode.ServiceUnavailable => ExitCode.Unreachable,
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError or HttpStatusCode.InsufficientStorage => ExitCode.Refused,
        _ => ExitCode.Failed,
    };
}
