using Gateway.Cli.Shell;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

public sealed class DeadLetterVerbTests : ApiVerbTest
{
    public DeadLetterVerbTests()
    {
        Gateway.AddLetter(1, DeadLetterReason.Expired);
        Gateway.AddLetter(2, DeadLetterReason.TooManyDeliveries, FakeManagement.Bills);
        Gateway.AddLetter(3, DeadLetterReason.Expired, FakeManagement.Bills);
        Gateway.State = Gateway.State with { DeadLetters = 3 };
    }

    [Fact]
    public async Task Ls_tells_why_they_are_and_where_they_were()
    {
        (await RunAsync("deadletter", "ls", "--reason", "too-many-deliveries")).ShouldBe(ExitCode.Ok);
        Terminal.Output.Split('\n')[1].ShouldMatch(@"^ +2  .* bills 102 +too-many-deliveries +20.* no$");
        // The store does not keep how often a dead letter was delivered.
        Terminal.Output.Split('\n')[0].ShouldNotContain("deliveries");

        (await LinesAsync("deadletter", "ls", "--from", "bills")).Select(line => line.GetProperty("number").GetInt64()).ShouldBe([2, 3]);
        (await LinesAsync("deadletter", "ls", "--from", "orders@billing")).Count.ShouldBe(1);
        (await JsonAsync("deadletter", "ls", "--groups")).GetArrayLength().ShouldBe(3);
        (await RunAsync("deadletter", "ls", "--groups")).ShouldBe(ExitCode.Ok);
        (await RunAsync("deadletter", "ls", "--reason", "bored")).ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task Ls_and_acts_choose_by_peer_age_and_header()
    {
        Gateway.AddLetter(4, DeadLetterReason.Rejected, headers: """{"type":"order"}""");

        (await LinesAsync("deadletter", "ls", "--from-peer", "billing")).Select(line => line.GetProperty("number").GetInt64())
            .ShouldBe([1, 4]);
        (await LinesAsync("deadletter", "ls", "--header", "type=order", "--older-than", "0s", "--reason", "rejected")).Count.ShouldBe(1);
        (await LinesAsync("deadletter", "ls", "--accepted-before", "2020-01-01")).ShouldBeEmpty();
        (await RunAsync("deadletter", "return", "--from-peer", "billing", "--yes")).ShouldBe(ExitCode.Ok);

        Gateway.Operations.ShouldHaveSingleItem().Request.Filter.FromPeer.ShouldBe("billing");
    }

    [Fact]
    public async Task An_export_goes_on_where_it_was_cut_and_comes_into_a_queue()
    {
        var folder = Directory.CreateTempSubdirectory("letters-");
        var file = Path.Combine(folder.FullName, "letters.jsonl");

        (await RunAsync("deadletter", "export", "--after", "1", "--file", file)).ShouldBe(ExitCode.Ok, Terminal.Error);
        Terminal.Error.ShouldBe("Exported 2 messages.\n");
        (await RunAsync("deadletter", "export", "--reason", "expired", "--from", "orders@billing")).ShouldBe(ExitCode.Ok);
        Terminal.Output.Split('\n')[0].ShouldContain("\"queue\":\"dead letters\"");
        Terminal.Output.Split('\n')[1].ShouldStartWith("{\"number\":1,");
        Terminal.Error.ShouldBe("Exported 1 message.\n");
        (await JsonAsync("queue", "import", "jobs@far", file)).GetProperty("taken").GetInt64().ShouldBe(2);

        Gateway.Enqueued.SelectMany(request => request.Items).Select(item => item.Id.ShouldNotBeNull().ToString()[^1]).ShouldBe(['2', '3']);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("return", "This would return 1 message of the dead letters:", "2")]
    [InlineData("return", "This would return 2 messages of the dead letters to jobs@far:", "--reason", "expired", "--to", "jobs@far")]
    [InlineData("purge", "This would purge 3 messages of the dead letters:", "--all")]
    public async Task Without_yes_they_are_shown_and_stay(string verb, string shown, params string[] choice)
    {
        (await RunAsync(["deadletter", verb, .. choice])).ShouldBe(ExitCode.NotConfirmed);

        Terminal.Output.ShouldStartWith(shown);
        Gateway.Operations.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_yes_they_go()
    {
        (await RunAsync("deadletter", "return", "2", "--yes")).ShouldBe(ExitCode.Ok);
        (await RunAsync("deadletter", "return", "--from", "bills", "--to", "jobs@far", "--yes")).ShouldBe(ExitCode.Ok);
        (await JsonAsync("deadletter", "purge", "--all", "--yes")).GetProperty("state").GetString().ShouldBe("done");

        Gateway.Operations.Select(operation =>
            (operation.Request.Kind, operation.Request.Queue, operation.Request.Number, operation.Request.Destination)).ShouldBe(
        [
            (OperationKind.Return, null, 2, ""),
            (OperationKind.Return, null, null, "jobs@far"),
            (OperationKind.Purge, null, null, ""),
        ]);
    }

    [Fact]
    public async Task Which_of_them_has_to_be_said()
    {
        (await RunAsync("deadletter", "purge", "--yes")).ShouldBe(ExitCode.Usage);
        (await RunAsync("deadletter", "purge", "2", "--all", "--yes")).ShouldBe(ExitCode.Usage);

        Gateway.Operations.ShouldBeEmpty();
    }
}
