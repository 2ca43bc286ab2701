using System.Globalization;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The disk of a running gateway refuses something: a quota is used up, files may not be as large, single calls fail. Nothing ends of it:
/// new messages are refused with the true reason, what is stored drains as far as it can, and everything goes on by itself afterwards.
/// </summary>
[Kind(Kind.Process)]
public sealed class RefusingDiskTests : RefusingDiskTest
{
    [Fact]
    [Needs("strace")]
    public async Task A_quota_that_is_used_up_refuses_new_messages_holds_what_has_no_room_and_ends_nothing()
    {
        await using var gateway = NewGateway();
        await gateway.StartReadyAsync(Token);
        var sent = await SendAsync(gateway, 20);
        Task<IReadOnlyList<string>> taken;
        await using (await SystemCallFaults.OfAsync(gateway.Process, "fallocate:error=EDQUOT", Path.Combine(Folder, "strace.log")))
        {
            (sent, var refused) = await SendUntilFullAsync(gateway, sent);
            refused.ShouldContain("quota");
            await UntilHealthSaysAsync("quota");
            // All that was kept back is given away in vain: some of these are completed, and some have to wait.
            taken = NewClient(gateway).TakeAsync("jobs", sent);
            (await SendUntilFullAsync(gateway, sent)).Sent.ShouldBe(sent);
            gateway.Process.Ended.IsCompleted.ShouldBeFalse();
        }

        await ShouldGoOnAsync(gateway, sent, taken);
        Count(gateway.Process.Output + gateway.Process.Errors, "New messages are rejected (StoreFull)").ShouldBe(1);
        Count(gateway.Process.Output + gateway.Process.Errors, "The disk has room for new messages again").ShouldBe(1);
    }

    [Fact]
    [Needs("prlimit")]
    public async Task Files_that_may_not_be_as_large_any_more_refuse_new_messages_and_drain()
    {
        await using var gateway = NewGateway();
        gateway.Start(Tool.Prlimit, $"--fsize={40 * Megabyte}");
        await InTimeAsync("the gateway is ready", gateway.WaitUntilReadyAsync(Token));
        var sent = await SendAsync(gateway, 500);

        await LimitFilesAsync(gateway, 20);
        (await SendUntilFullAsync(gateway, sent)).Why.ShouldContain("ulimit -f");
        await UntilHealthSaysAsync("ulimit -f");
        var client = NewClient(gateway);
        (await InTimeAsync("half of them", client.TakeAsync("jobs", 250))).Count.ShouldBe(250);

        // Less than the log has already: nothing can be written, and it waits.
        await LimitFilesAsync(gateway, 3);
        var taken = client.TakeAsync("jobs", sent - 250);
        (await SendUntilFullAsync(gateway, sent)).Why.ShouldContain("ulimit -f");
        gateway.Process.Ended.IsCompleted.ShouldBeFalse();
        await LimitFilesAsync(gateway, 40);
        await ShouldGoOnAsync(gateway, sent - 250, taken);
    }

    [Theory]
    [InlineData("pwrite64:error=ENOSPC:when=30+30")]
    [InlineData("pwrite64:error=EDQUOT:when=30+30")]
    [InlineData("fallocate:error=ENOSPC:when=1+2")]
    [Needs("strace")]
    public async Task Single_calls_that_are_refused_are_made_again_with_what_was_kept_back(string fault)
    {
        await using var gateway = NewGateway();
        await gateway.StartReadyAsync(Token);
        int sent;
        await using (await SystemCallFaults.OfAsync(gateway.Process, fault, Path.Combine(Folder, "strace.log")))
            (sent, _) = await SendUntilFullAsync(gateway, 0, most: 60);
        await ShouldGoOnAsync(gateway, sent, NewClient(gateway).TakeAsync("jobs", sent));
    }

    /// <summary>Limits the bytes that the process may write from now on; the limit may be raised again.</summary>
    private static Task LimitFilesAsync(TestGateway gateway, int megabytes) =>
        RunAsync(Tool.Prlimit, "--pid", gateway.Process.Id.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"--fsize={megabytes * Megabyte}:"));

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
