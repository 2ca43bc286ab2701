using System.Net.Http.Headers;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The text of strangers enters the log of a real gateway without forging a line, or commanding the terminal.</summary>
[Kind(Kind.Process)]
public sealed class ForgedLinesTests : ProcessTest
{
    private const string Web = "Gateway:Intake:Applications:web";
    private const string Anna = "Gateway:Http:Tokens:anna";

    [Theory]
    [InlineData("simple")]
    [InlineData("systemd")]
    public async Task Names_and_paths_of_strangers_forge_no_line_of_the_log(string formatter)
    {
        var gateway = NewGateways(
            new Dictionary<string, string>
            {
                [$"{Web}:Token"] = new string('a', 32),
                [$"{Anna}:Token"] = new string('b', 32),
                [$"{Anna}:Roles:0"] = "read",
                ["Gateway:Links:AllowPlainText"] = "true",
                ["Logging:Console:FormatterName"] = formatter,
                ["Logging:Console:FormatterOptions:IncludeScopes"] = "true",
            },
            "local")[0];
        await gateway.StartReadyAsync(Token);

        var client = Track(new GatewayClient(new GatewayClientOptions
        { Address = gateway.Address, ApplicationName = "\u001b[2J\u202Eevil\n<4>forged", Token = "guessed", RequestTimeout = Patience }));
        await Should.ThrowAsync<GatewayException>(() => client.SendAsync("orders@local", "no").AsTask());
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{gateway.Api}/%1b%5b2J%0a%3c4%3eforged%e2%80%ae");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "guessed");
        using var answer = await http.SendAsync(request, Token);

        // A path is logged as it was sent, escaped.
        string[] shown = ["·[2J·evil·<4>forged", "forged%E2%80%AE"];
        await UntilAsync("both are logged", () => shown.All(text => gateway.Process.Output.Contains(text, StringComparison.Ordinal)));
        gateway.Process.Output.ShouldNotContain('\u001b');
        gateway.Process.Output.ShouldNotContain('\u202E');
        gateway.Process.Output.Split('\n').ShouldNotContain(line => line.StartsWith("<4>forged", StringComparison.Ordinal));
    }

    private static TimeSpan Patience => TimeSpan.FromMinutes(1);
}
