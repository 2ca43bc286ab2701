using Gateway.Cli.Shell;
using Gateway.Client;

namespace Gateway.Cli.Messaging;

/// <summary>Translates failures of the client library for the command line.</summary>
internal static class GatewayFailure
{
    public static CommandLineException Explain(GatewayException failure, string address, TimeSpan timeout)
    {
        var waited = Figures.Span(timeout);
        return failure.Reason switch
        {
            GatewayError.Unavailable when failure.InnerException is GatewayException refusal => new CommandLineException(
                ExitCode.Unreachable, $"The gateway at {address} takes nothing now. {refusal.Message}"),
            GatewayError.Unavailable => new CommandLineException(
                ExitCode.Unreachable, $"No gateway answers at {address}. Start it with the verb run, or give the right --gateway."),
            GatewayError.TimedOut => new CommandLineException(
                ExitCode.Unreachable, $"The gateway at {address} did not answer within {waited}. Try again, or give it longer with "
                    + $"--timeout."),
            GatewayError.PossiblyAccepted => new CommandLineException(
                ExitCode.Unreachable,
                $"The gateway at {address} was given the message and did not answer within {waited}; it may have accepted it. "
                + $"Send it again with --id {failure.MessageIds[0]}: it is accepted once."),
            GatewayError.Disposed or GatewayError.Failed => new CommandLineException(ExitCode.Failed, failure.Message),
            _ => new CommandLineException(ExitCode.Refused, failure.Message),
        };
    }
}
