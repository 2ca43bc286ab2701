using System.Diagnostics;
using System.Security.Cryptography;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Intake;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Applications with tokens at a real gateway, through the client library and the command line.</summary>
[Kind(Kind.Process)]
public sealed class ApplicationTests : ProcessTest
{
    private readonly string _token = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task An_application_does_what_its_token_allows_and_is_told_what_it_lacks()
    {
        var gateway = await StartAsync();
        var web = NewClient(gateway, _token);

        await web.SendAsync("orders@local", "one");

        (await RefusedAsync(() => web.SendAsync("bills@local", "no").AsTask())).ShouldContain("Enqueue to 'bills@local'");
        (await RefusedAsync(() => web.TakeAsync("orders", 1))).ShouldContain("Receive from 'orders'");
        (await web.GetQueueAsync("orders@local", Token)).Messages.ShouldBe(1);
        (await RefusedAsync(() => web.GetQueueAsync("bills@local", Token).AsTask())).ShouldContain("Enqueue to 'bills@local'");
        (await RefusedAsync(() => web.GetQueueAsync("orders", Token).AsTask())).ShouldContain("Receive from 'orders'");
        (await RefusedAsync(() => NewClient(gateway, "").SendAsync("orders@local", "no").AsTask())).ShouldContain("HELLO had none");
        (await RefusedAsync(() => NewClient(gateway, "guessed").SendAsync("orders@local", "no").AsTask()))
            .ShouldContain("no application with this token");
    }

    [Fact]
    public async Task The_command_line_takes_the_token_from_a_file_or_the_environment()
    {
        var gateway = await StartAsync();
        var file = Path.Combine(Folder, "token");
        await File.WriteAllTextAsync(file, _token + "\n", Token);

        (await RunAsync(gateway, "none", null)).ShouldBe(ExitCode.Refused);
        (await RunAsync(gateway, "environment", _token)).ShouldBe(ExitCode.Ok);
        (await RunAsync(gateway, "file", null, "--token-file", file)).ShouldBe(ExitCode.Ok);
    }

    private async Task<TestGateway> StartAsync()
    {
        const string Web = "Gateway:Intake:Applications:web";
        var gateway = NewGateways(
            new Dictionary<string, string>
            {
                [$"{Web}:TokenSha256"] = Convert.ToHexString(ApplicationBook.Hash(_token)),
                [$"{Web}:Enqueue:0"] = "orders@*",
                ["Gateway:Http:AllowWithoutTokens"] = "true",
                ["Gateway:Links:AllowPlainText"] = "true",
            },
            "local")[0];
        await gateway.StartReadyAsync(Token);
        return gateway;
    }

    private GatewayClient NewClient(TestGateway gateway, string token) => Track(new GatewayClient(
        new GatewayClientOptions { Address = gateway.Address, Token = token, RequestTimeout = TimeSpan.FromMinutes(1) }));

    private static async Task<string> RefusedAsync(Func<Task> call)
    {
        var refused = await Should.ThrowAsync<GatewayException>(call);
        refused.Reason.ShouldBe(GatewayError.NotAuthorised);
        return refused.Message;
    }

    private async Task<ExitCode> RunAsync(TestGateway gateway, string name, string? token, params string[] more)
    {
        ProcessStartInfo start = Executable.Start(["send", "orders@local", "text", "--gateway", gateway.Address, .. more]);
        if (token is not null) start.Environment["GATEWAY_TOKEN"] = token;
        var process = Track(TestProcess.Start(start, Path.Combine(Folder, name + ".log")));
        return (ExitCode)await InTimeAsync("the verb ends", process.Ended);
    }
}
