using Gateway.Client;

namespace Gateway.Cli;

/// <summary>What a failure of the client library means for a verb.</summary>
internal static class GatewayFailure
{
    public static ExitCode ExitCodeOf(GatewayException failure) => failure.Reason switch
    {
        GatewayError.Unreachable or GatewayError.Timeout => ExitCode.Unreachable,
        _ => ExitCode.Refused,
    };
}
