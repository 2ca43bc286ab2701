using Gateway.Tests.Crash;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Packaging;

/// <summary>
/// The container image, from the Dockerfile itself, without an engine: its instructions are executed in a Debian that debootstrap has made,
/// and what they make is run in namespaces, as the image's user.
/// </summary>
[Kind(Kind.Process)]
public sealed class ContainerImageTests : ProcessTest
{
    private const string Configuration = """{ "Gateway": { "Routes": { "mounted": [ "routed@boxed" ] } } }""";

    [Fact]
    [Needs("root", "ip", "debootstrap")]
    public async Task It_is_built_run_stopped_and_run_again_and_its_volume_keeps_what_waits()
    {
        Tool.RequireRoot();
        var image = await BuiltImage.MakeAsync(PackageBuild.OfAsync("container", Token), Folder, Token);
        var volume = await image.NewVolumeAsync(Path.Combine(Folder, "volume"), Token);
        var configuration = Path.Combine(Folder, "appsettings.json");
        await File.WriteAllTextAsync(configuration, Configuration, Token);
        var more = new Dictionary<string, string> { ["Gateway__Name"] = "boxed" };

        await using (var first = new TestContainer(image, volume, (configuration, "/etc/gateway/appsettings.json"), more, LogPath))
        {
            first.Start();
            await UntilHealthyAsync(first);
            (await first.ExecAsync("id", "-u")).Output.ShouldBe("7420");
            (await first.ExecAsync("gateway", "send", "greetings@boxed", "hello")).Exit.ShouldBe(0, first.Output);
            (await first.ExecAsync("gateway", "send", "mounted", "there")).Exit.ShouldBe(0, "the mounted file has its route");

            first.Signal(TestProcess.UnixSignal.Terminate);

            (await InTimeAsync("it stops", first.Ended)).ShouldBe(0, first.Output);
        }

        image.File.StopSignal.ShouldBe("SIGTERM");
        await using var again = new TestContainer(image, volume, (configuration, "/etc/gateway/appsettings.json"), more, LogPath);
        again.Start();
        await UntilHealthyAsync(again);
        (await again.ExecAsync("gateway", "receive", "greetings", "--complete")).Output.ShouldBe("hello", again.Output);

        (await again.ExecAsync("gateway", "receive", "routed", "--complete")).Output.ShouldBe("there");

        // A gateway that does not answer is not healthy.
        again.Signal(TestProcess.UnixSignal.Stop);
        (await again.HealthAsync()).ShouldNotBe(0);
        again.Signal(TestProcess.UnixSignal.Continue);
    }

    private string LogPath => Path.Combine(Folder, "container.log");

    private static Task UntilHealthyAsync(TestContainer container) => UntilAsync("the container is healthy", async () =>
    {
        if (container.Ended.IsCompleted) throw new InvalidOperationException($"It ended with {await container.Ended}: {container.Output}");
        return await container.HealthAsync() == 0;
    });
}
