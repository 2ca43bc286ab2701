using Gateway.Cli.Messaging;
using Gateway.Cli.Shell;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Messaging;

public sealed class GatewayFailureTests
{
    [Theory]
    [InlineData(GatewayError.Unavailable, ExitCode.Unreachable)]
    [InlineData(GatewayError.TimedOut, ExitCode.Unreachable)]
    [InlineData(GatewayError.NoRoute, ExitCode.Refused)]
    [InlineData(GatewayError.Failed, ExitCode.Failed)]
    public void Each_failure_has_its_exit_code(object reason, object exitCode) =>
        Explain((GatewayError)reason).ExitCode.ShouldBe((ExitCode)exitCode);

    [Fact]
    public void A_refusal_is_told_in_the_words_of_the_gateway() => Explain(GatewayError.NoRoute).Message.ShouldBe("its words");

    [Fact]
    public void After_a_send_in_doubt_the_user_is_given_the_id_to_repeat_it_with()
    {
        var id = MessageId.New(DateTimeOffset.UnixEpoch);

        Explain(GatewayError.PossiblyAccepted, id).Message.ShouldContain($"--id {id}");
    }

    private static CommandLineException Explain(GatewayError reason, params MessageId[] ids) =>
        GatewayFailure.Explain(new GatewayException(reason, "its words", ids), "tcp://127.0.0.1:1", TimeSpan.FromSeconds(5));
}
