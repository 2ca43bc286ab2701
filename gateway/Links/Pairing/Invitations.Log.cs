using Microsoft.Extensions.Logging;

namespace Gateway.Links.Pairing;

internal sealed partial class Invitations
{
    [LoggerMessage(EventId = 3201, Level = LogLevel.Warning, Message =
        "{Joiner} at {Address} has proved the code of an invitation, with the certificate {Fingerprint}.")]
    private partial void LogProved(string joiner, string address, string fingerprint);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Warning, Message = "A gateway has come for an invitation with a wrong proof, the "
        + "{Count}. for this one.")]
    private partial void LogWrongProof(int count);

    [LoggerMessage(EventId = 3203, Level = LogLevel.Warning, Message = "A gateway has come with a code for which there is no invitation.")]
    private partial void LogUnknown();

    [LoggerMessage(EventId = 3204, Level = LogLevel.Information, Message = "An invitation is over: {Why}.")]
    private partial void LogOver(string why);
}
