using System.Text.Json;
using Gateway.Cli.Shell;
using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

public sealed class MessageVerbTests : ApiVerbTest
{
    private const string Orders = "orders@billing";

    [Fact]
    public async Task Ls_lists_messages_of_all_queues_by_filter_and_state()
    {
        Gateway.Add("a");
        Gateway.Add("b", """{"k":"v"}""");
        Gateway.States[2] = MessageState.InDoubt;

        (await LinesAsync("message", "ls")).Select(NameOf).ShouldBe(["orders@billing 1", "orders@billing 2", "bills 1", "bills 2"]);
        (await LinesAsync("message", "ls", "--peer", "billing", "--state", "in-doubt", "--older-than", "0s")).Select(NameOf)
            .ShouldBe(["orders@billing 2"]);
        (await LinesAsync("message", "ls", "--queue", "bills", "--header", "k=v")).Select(NameOf).ShouldBe(["bills 2"]);
        (await JsonAsync("message", "ls", "--kind", "inbound")).GetArrayLength().ShouldBe(2);
        (await LinesAsync("queue", "peek", Orders, "--state", "waiting")).Count.ShouldBe(1);
        (await RunAsync("message", "ls", "--queue", Orders)).ShouldBe(ExitCode.Ok);
        Terminal.Output.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["queue", "number", "id", "accepted", "source", "size", "deliveries", "state", "more"]);
        Terminal.Output.Split('\n')[2].ShouldMatch("^orders@billing +2 .* in-doubt$");
    }

    [Fact]
    public async Task Ls_says_where_to_go_on_and_goes_on_there()
    {
        for (var i = 0; i < 3; i++) Gateway.Add("x");

        (await LinesAsync("message", "ls", "--limit", "4")).Count.ShouldBe(4);
        Terminal.Error.ShouldBe("There may be more: go on with --after inbound/bills/1.\n");
        (await LinesAsync("message", "ls", "--after", "inbound/bills/1")).Select(NameOf).ShouldBe(["bills 2", "bills 3"]);
        Terminal.Error.ShouldBeEmpty();
        (await RunAsync("message", "ls", "--after", "1")).ShouldBe(ExitCode.Refused);
        (await RunAsync("message", "ls", "--state", "bored")).ShouldBe(ExitCode.Usage);
        (await RunAsync("message", "ls", "--queue", "a b")).ShouldBe(ExitCode.Usage);
    }

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
        (await JsonAsync("message", "trace", "--dead-letter", "3")).GetProperty("steps")[0].GetProperty("step").GetString()
            .ShouldBe("accepted");
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
    [InlineData("deadletter", "This would dead-letter 1 message of outgoing orders@billing:",
        "Nothing was done. Add --yes to dead-letter it.")]
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
        (await JsonAsync("message", "deadletter", Orders, "1", "--yes", "--why", "poison")).GetProperty("kind").GetString()
            .ShouldBe("dead-letter");

        Gateway.Operations.Select(
            operation => (operation.Request.Kind, operation.Request.Queue, operation.Request.Number, operation.Request.Why)).ShouldBe(
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

    private static string NameOf(JsonElement message) =>
        $"{message.GetProperty("queue").GetProperty("name").GetString()} {message.GetProperty("number").GetInt64()}";
}
