using Gateway.Client.Wire;
using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Answers;

/// <summary>Converts the gateway's refusals of messages and deliveries to problems.</summary>
internal static class WireProblems
{
    public static ProblemException Of(Reply reply) => reply is Reply.Rejected refused
        ? new ProblemException(StatusOf(refused.Code), CodeOf(refused.Code), Sentence(refused.Text))
        { RetryAfter = WireCodes.IsTransient(refused.Code) ? TimeSpan.FromSeconds(1) : null }
        : throw new InvariantException($"the gateway answered with {reply.GetType().Name}");

    /// <summary>The gateway's texts start in lower case without a full stop, because they appear within log lines.</summary>
    public static string Sentence(string text) => text.Length == 0 ? text : $"{char.ToUpperInvariant(text[0])}{text[1..].TrimEnd('.')}.";

    private static int StatusOf(WireCode code) => code switch
    {
        WireCode.NoRoute => StatusCodes.Status404NotFound,
        WireCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
        WireCode.IdConflict or WireCode.LeaseLost => StatusCodes.Status409Conflict,
        WireCode.NotAuthorised => StatusCodes.Status403Forbidden,
        WireCode.StoreFull => StatusCodes.Status507InsufficientStorage,
        WireCode.Busy or WireCode.Stopping or WireCode.TooManySubscriptions or WireCode.HelloRequired =>
            StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };

    private static string CodeOf(WireCode code) => HttpJson.NameOf(code);
}
