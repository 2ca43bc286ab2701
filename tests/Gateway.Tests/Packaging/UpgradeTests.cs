using System.Text;
using Gateway.Store.Disk.Files;
using Gateway.Tests.Crash;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>Gateways are replaced by another version, one after the other, while messages flow: none is lost, none comes twice.</summary>
[Kind(Kind.Process)]
public sealed class UpgradeTests : LinkTest
{
    public static TheoryData<string> FormerBuilds => [.. FormerBuild.All];

    [Theory]
    [MemberData(nameof(FormerBuilds))]
    public async Task A_pair_is_upgraded_one_after_the_other_and_everything_arrives_once_in_order(string build)
    {
        var (near, far) = NewPair(Quick);
        near.OtherBuild = far.OtherBuild = FormerBuild.LayOut(build, Path.Combine(Folder, "former"));
        await StartAsync(near, far);
        await SendAsync(near, "to-far@far", 1, 50);
        await SendAsync(far, "to-near@near", 1, 50);
        var atFar = await TakeAsync(far, "to-far", 30);
        await StopAsync(far);
        await SendAsync(near, "to-far@far", 51, 100);

        far.OtherBuild = null;
        await far.StartReadyAsync(Token);
        atFar.AddRange(await TakeAsync(far, "to-far", 70));
        await SendAsync(far, "to-near@near", 51, 100);
        await SendAsync(near, "to-far@far", 101, 150);
        atFar.AddRange(await TakeAsync(far, "to-far", 50));
        var atNear = await TakeAsync(near, "to-near", 70);
        await near.KillAsync();
        await SendAsync(far, "to-near@near", 101, 150);

        near.OtherBuild = null;
        await near.StartReadyAsync(Token);
        await SendAsync(near, "to-far@far", 151, 200);
        atFar.AddRange(await TakeAsync(far, "to-far", 50));
        atNear.AddRange(await TakeAsync(near, "to-near", 80));

        atFar.ShouldBe(Numbers(1, 200));
        atNear.ShouldBe(Numbers(1, 150));
        foreach (var gateway in new[] { near, far })
        {
            await UntilAsync("nothing is left", async () => (await OperatorView.StateAsync(NewClient(gateway), Token)).Messages() == 0);
            await StopAsync(gateway);
            CheckStore(gateway);
            StoreVersion.Read(gateway.StorePath).ShouldBe(ProgramVersion.Text);
        }
    }

    [Theory]
    [MemberData(nameof(FormerBuilds))]
    public async Task A_store_whose_format_did_not_change_goes_back_to_the_former_build(string build)
    {
        var gateway = NewGateways("near")[0];
        await gateway.StartReadyAsync(Token);
        await SendAsync(gateway, "jobs@near", 1, 20);
        await gateway.KillAsync();

        gateway.OtherBuild = FormerBuild.LayOut(build, Path.Combine(Folder, "former"));
        await gateway.StartReadyAsync(Token);

        (await TakeAsync(gateway, "jobs", 20)).ShouldBe(Numbers(1, 20));
    }

    [Fact]
    public async Task A_store_of_a_later_format_is_refused_with_the_version_that_wrote_it_and_the_way_back()
    {
        var gateway = NewGateways("near")[0];
        await gateway.StartReadyAsync(Token);
        await SendAsync(gateway, "jobs@near", 1, 1);
        await StopAsync(gateway);
        var volume = Directory.EnumerateFiles(gateway.StorePath, "groups-*.data").Single();
        var before = await File.ReadAllBytesAsync(volume, Token);
        await RewriteVersionAsync(volume, 9);
        await File.WriteAllTextAsync(Path.Combine(gateway.StorePath, StoreVersion.FileName), "9.1.0\n", Token);

        gateway.Start();

        (await InTimeAsync("it ends", gateway.Process.Ended)).ShouldNotBe(0);
        await UntilAsync("it says why", () => (gateway.Process.Output + gateway.Process.Errors).Contains(
            "last opened by version 9.1.0", StringComparison.Ordinal));
        (gateway.Process.Output + gateway.Process.Errors).ShouldContain("gateway store export");
        await RewriteVersionAsync(volume, 1);
        (await File.ReadAllBytesAsync(volume, Token)).ShouldBe(before, "a store that cannot be read is left as it is");
    }

    private static IEnumerable<string> Numbers(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(number => $"{number}");

    private static async Task StopAsync(TestGateway gateway) => (await InTimeAsync("it stops", gateway.StopAsync())).ShouldBe(0);

    /// <summary>The place of the version stays the same in every format; see FORMAT.md.</summary>
    private static async Task RewriteVersionAsync(string volume, byte version)
    {
        const int Offset = 32 + 16;
        await using var file = File.OpenWrite(volume);
        file.Position = Offset;
        await file.WriteAsync(new[] { version }, Token);
    }

    private async Task SendAsync(TestGateway gateway, string destination, int first, int last)
    {
        var client = NewClient(gateway);
        foreach (var number in Numbers(first, last))
            await client.EnqueueAsync(destination, Encoding.UTF8.GetBytes(number), cancellationToken: Token);
    }

    private async Task<List<string>> TakeAsync(TestGateway gateway, string queue, int count) =>
        [.. await InTimeAsync($"{count} messages of {queue}", NewClient(gateway).TakeAsync(queue, count))];
}
