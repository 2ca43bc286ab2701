using Gateway.Cli;
using Gateway.Management;
using Gateway.Store;
using Gateway.Tests.Http;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

public sealed class MessageVerbTests : ApiVerbTest
{
    private const string Orders = "orders@billing";

    [Fact]
    public async Task Show_prints_headers_and_body_without_what_would_steer_the_terminal()
    {
        Gateway.Add("{\"a\":\"\u009b31m\"}", """{"type":"\u001b[2Jorder"}""");

        (await RunAsync("message", "show", Orders, "1")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldContain("header type  ·[2Jorder");
        Terminal.Output.ShouldContain("{\"a\":\"·31m\"}");
        (await JsonAsync("message", "show", Orders, "1")).GetProperty("headers").GetProperty("type").GetString().ShouldBe("\u001b[2Jorder");
    }

    [Fact]
    public async Task Show_with_body_writes_the_body_and_nothing_else()
    {
        Gateway.Add("all of it");

        (await RunAsync("message", "show", Orders, "1", "--body")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldBe("all of it");
    }

    [Fact]
    public async Task Show_and_trace_take_dead_letters_too()
    {
        Gateway.AddLetter(3, DeadLetterReason.Rejected);

        (await RunAsync("message", "show", "--dead-letter", "3")).ShouldBe(ExitCode.Ok);
        Terminal.Output.ShouldContain("rejected since");
        (await JsonAsync("message", "trace", "--dead-letter", "3")).GetProperty("steps")[0].GetProperty("step").GetString().ShouldBe("accepted");
        (await RunAsync("message", "trace", "--dead-letter", "3")).ShouldBe(ExitCode.Ok);
        Terminal.Output.ShouldContain("accepted here");
        (await RunAsync("message", "show", "--dead-letter", "4")).ShouldBe(ExitCode.Refused);
    }

    [Theory]
    [InlineData("show", Orders)]
    [InlineData("show")]
    [InlineData("show", "a b", "1")]
    [InlineData("show", Orders, "1", "--dead-letter", "2")]
    [InlineData("deadletter", "--dead-letter", "2")]
    [InlineData("delete", Orders, "first")]
    public async Task One_message_has_to_be_named(params string[] args) => (await RunAsync(["message", .. args])).ShouldBe(ExitCode.Usage);

    [Theory]
    [InlineData("delete", "This would purge 1 message of outgoing orders@billing:", "Nothing was done. Add --yes to purge it.")]
    [InlineData("deadletter", "This would dead-letter 1 message of outgoing orders@billing:", "Nothing was done. Add --yes to dead-letter it.")]
    public async Task Without_yes_it_is_shown_and_stays(string verb, string shown, string advice)
    {
        Gateway.Add("x");
        Gateway.Add("y");

        (await RunAsync("message", verb, Orders, "2")).ShouldBe(ExitCode.NotConfirmed);

        Terminal.Output.ShouldStartWith(shown);
        Terminal.Error.ShouldBe($"{advice}\n");
        Gateway.Operations.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_yes_that_one_is_taken()
    {
        Gateway.Add("x");

        (await RunAsync("message", "delete", Orders, "1", "--yes")).ShouldBe(ExitCode.Ok);
        (await JsonAsync("message", "deadletter", Orders, "1", "--yes", "--why", "poison")).GetProperty("kind").GetString().ShouldBe("dead-letter");

        Gateway.Operations.Select(operation => (operation.Request.Kind, operation.Request.Queue, operation.Request.Number, operation.Request.Why)).ShouldBe(
        [
            (OperationKind.Purge, FakeManagement.Orders, 1, ""),
            (OperationKind.DeadLetter, FakeManagement.Orders, 1, "poison"),
        ]);
    }

    [Fact]
    public async Task A_number_that_is_not_there_is_nothing_to_do()
    {
        Gateway.Add("x", number: 5);

        (await RunAsync("message", "delete", Orders, "4", "--yes")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldBe("There is no number 4 in outgoing orders@billing; nothing to do.\n");
        Gateway.Operations.ShouldBeEmpty();
    }
}
