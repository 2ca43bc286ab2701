using System.Runtime.Versioning;
using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Nothing that a gateway or its verbs make is anybody else's to read, to lock or to lose.</summary>
[Kind(Kind.Process)]
[Needs("root")]
[UnsupportedOSPlatform("windows")]
public sealed class OtherUsersTests : OtherUsersTest
{
    private const string SmallVolumes = "Gateway:Store:VolumeBytes";

    [Fact]
    public async Task What_a_gateway_makes_is_its_owners_alone_whatever_the_mask()
    {
        var gateway = NewGateway((SmallVolumes, $"{8 << 20}"), ("Gateway:Store:DiskReserveBytes", $"{32 << 20}"));
        await StartAsync(gateway, WithoutMask);
        var client = NewClient(gateway);
        foreach (var _ in Enumerable.Range(0, 80)) await client.EnqueueAsync("orders@local", new byte[256 * 1024], null, Token);

        Directory.EnumerateFiles(gateway.StorePath, "groups-*.data").Count().ShouldBeGreaterThan(1);
        OpenOnes(gateway.StorePath).ShouldBeEmpty();
        await StopAsync(gateway);
        OpenOnes(gateway.StorePath).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_was_open_to_all_is_closed_at_the_next_start()
    {
        var gateway = NewGateway();
        await StartAsync(gateway);
        await NewClient(gateway).SendAsync("orders@local", "secret");
        await StopAsync(gateway);
        (await RunAsync("/bin/chmod", "-R", "a+rwX", gateway.StorePath)).Exit.ShouldBe(0);

        await StartAsync(gateway);

        OpenOnes(gateway.StorePath).ShouldBeEmpty();
        (await RunAsync([.. Plainly(Stranger), "/bin/ls", gateway.StorePath])).Exit.ShouldNotBe(0);
        await StopAsync(gateway);
    }

    [Fact]
    public async Task A_folder_that_others_use_as_well_is_left_open_and_its_files_are_closed()
    {
        var gateway = NewGateway();
        Directory.CreateDirectory(gateway.StorePath);
        await File.WriteAllTextAsync(Path.Combine(gateway.StorePath, "of-somebody"), "", Token);
        (await RunAsync("/bin/chmod", "-R", "a+rwX", gateway.StorePath)).Exit.ShouldBe(0);

        await StartAsync(gateway);

        OpenOnes(gateway.StorePath).Select(Path.GetFileName).ShouldBe(["of-somebody", gateway.Name], ignoreOrder: true);
        await UntilAsync("the log says so", () => gateway.Process.Output.Contains("also holds of-somebody", StringComparison.Ordinal));
        await StopAsync(gateway);
    }

    [Fact]
    public async Task What_the_verbs_make_is_its_owners_alone()
    {
        var gateway = NewGateway();
        await StartAsync(gateway);
        await NewClient(gateway).SendAsync("orders@local", "secret");
        var made = Directory.CreateDirectory(Path.Combine(Folder, "made")).FullName;
        string At(string name) => Path.Combine(made, name);
        (await VerbAsync(WithoutMask, "queue", "export", "orders", "--file", At("running.jsonl"), "--gateway", gateway.Api))
            .Exit.ShouldBe(0);
        await StopAsync(gateway);
        (await VerbAsync(WithoutMask, "store", "export", "orders", "--file", At("stopped.jsonl"), "--path", gateway.StorePath))
            .Exit.ShouldBe(0);
        (await VerbAsync(WithoutMask, "store", "compact", "--path", gateway.StorePath)).Exit.ShouldBe(0);
        (await VerbAsync(WithoutMask, "store", "repair", "--from", gateway.StorePath, "--to", At("repaired"))).Exit.ShouldBe(0);
        (await VerbAsync(WithoutMask, "cert", "new", "--name", "shop", "--folder", At("certs"))).Exit.ShouldBe(0);

        OpenOnes(made).ShouldBe([made]);
        OpenOnes(gateway.StorePath).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_else_can_lock_a_store()
    {
        var gateway = NewGateway();
        await StartAsync(gateway);
        await StopAsync(gateway);
        foreach (var file in Directory.EnumerateFileSystemEntries(gateway.StorePath).Append(gateway.StorePath))
        {
            var (exit, text) = await RunAsync([.. Plainly(Stranger), "/usr/bin/flock", "--nonblock", file, "/bin/true"]);
            exit.ShouldNotBe(0);
            text.ShouldContain("Permission denied");
        }

        // Not even through a folder that everybody may enter.
        (await RunAsync("/bin/chmod", "711", gateway.StorePath)).Exit.ShouldBe(0);
        (await RunAsync([.. Plainly(Stranger), "/usr/bin/flock", "--nonblock", Path.Combine(gateway.StorePath, "store.lock"), "/bin/true"]))
            .Text.ShouldContain("Permission denied");
    }

    [Fact]
    public async Task The_verbs_of_root_leave_a_store_to_its_user_who_goes_on_with_it()
    {
        var gateway = NewGateway((SmallVolumes, $"{8 << 20}"), ("Gateway:Store:DiskReserveBytes", $"{32 << 20}"));
        Directory.CreateDirectory(gateway.StorePath);
        await GiveAsync(gateway.StorePath, Service);
        await StartAsync(gateway, As(Service));
        var client = NewClient(gateway);
        foreach (var _ in Enumerable.Range(0, 40)) await client.EnqueueAsync("orders@local", new byte[256 * 1024], null, Token);
        await StopAsync(gateway);

        foreach (var verb in (string[][])[["check"], ["compact"], ["renew", "--yes"], ["ls"], ["compact"]])
        {
            (await VerbAsync([], ["store", .. verb, "--path", gateway.StorePath])).Exit.ShouldBe(0);
            (await OwnersAsync(gateway.StorePath)).ShouldBe([Service], $"store {verb[0]}");
        }

        var repaired = Path.Combine(Folder, "repaired");
        (await VerbAsync([], "store", "repair", "--from", gateway.StorePath, "--to", repaired)).Exit.ShouldBe(0);
        (await OwnersAsync(repaired)).ShouldBe([Service]);
        // Even the gateway itself, started as root by mistake.
        await StartAsync(gateway);
        await StopAsync(gateway);
        (await OwnersAsync(gateway.StorePath)).ShouldBe([Service]);
        await StartAsync(gateway, As(Service));
        (await InTimeAsync("the messages", NewClient(gateway).TakeAsync("orders", 40))).Count.ShouldBe(40);
        await StopAsync(gateway);
    }

    [Fact]
    public async Task Verbs_that_cannot_leave_a_store_to_its_user_refuse_with_a_sentence()
    {
        var gateway = NewGateway();
        Directory.CreateDirectory(gateway.StorePath);
        await GiveAsync(gateway.StorePath, Service);
        await StartAsync(gateway, As(Service));
        await StopAsync(gateway);
        (await RunAsync("/bin/chmod", "-R", "a+rwX", gateway.StorePath)).Exit.ShouldBe(0);

        var (exit, text) = await VerbAsync(As(Stranger), "store", "compact", "--path", gateway.StorePath);

        exit.ShouldBe((int)ExitCode.Failed, text);
        text.ShouldContain($"belongs to user {Service}");
        (await OwnersAsync(gateway.StorePath)).ShouldBe([Service]);
    }

    [Fact]
    public async Task A_folder_of_its_own_below_one_that_it_may_only_pass_through_is_enough()
    {
        var parent = Directory.CreateDirectory(Path.Combine(Folder, "parent")).FullName;
        var gateway = Track(new TestGateway(NewGateway().Settings with { Folder = parent }));
        Directory.CreateDirectory(gateway.StorePath);
        await GiveAsync(parent, Stranger);
        await GiveAsync(gateway.StorePath, 0);
        // The log of the test is there, too.
        await File.WriteAllTextAsync(gateway.Settings.LogPath, "", Token);
        (await RunAsync("/bin/chmod", "711", parent)).Exit.ShouldBe(0);

        await StartAsync(gateway, WithoutPrivileges);

        await NewClient(gateway).SendAsync("orders@local", "text");
        await StopAsync(gateway);
    }

    [Theory]
    [InlineData("600")]
    [InlineData("000")]
    public async Task A_configuration_that_cannot_be_read_is_a_sentence(string mode)
    {
        var file = Path.Combine(Folder, "shop.json");
        await File.WriteAllTextAsync(file, """{ "Gateway": { "Name": "shop" } }""", Token);
        await GiveAsync(file, Stranger);
        (await RunAsync("/bin/chmod", mode, file)).Exit.ShouldBe(0);

        var (exit, text) = await VerbAsync(WithoutPrivileges, "run", "--config", file);

        exit.ShouldBe((int)ExitCode.Usage, text);
        text.ShouldContain($"{file} cannot be read");
        text.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_key_of_a_sign_in_touches_the_disk(bool hasHome)
    {
        var home = Directory.CreateDirectory(Path.Combine(Folder, "home")).FullName;
        var work = Directory.CreateDirectory(Path.Combine(Folder, "work")).FullName;
        var gateway = NewGateway(("Gateway:Http:Tokens:anna:Token", new string('a', 32)), ("Gateway:Http:Tokens:anna:Roles:0", "read"),
            ("Gateway:Intake:AllowWithoutTokens", "true"), ("Gateway:Links:AllowPlainText", "true"));
        string[] environment = hasHome ? ["-u", "XDG_DATA_HOME", $"HOME={home}"] : ["-u", "XDG_DATA_HOME", "-u", "HOME"];
        gateway.Start(["/usr/bin/env", "-C", work, .. environment]);
        await InTimeAsync("the gateway is ready", gateway.WaitUntilReadyAsync(Token));

        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri($"{gateway.Api}/sign-in"), Token)).ShouldContain("asks for a token");

        await StopAsync(gateway);
        Directory.EnumerateFileSystemEntries(home).ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(work).ShouldBeEmpty();
        gateway.Process.Output.ShouldNotContain("DataProtection");
    }
}
