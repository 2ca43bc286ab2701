using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Tests.Http;
using Gateway.Tests.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

public sealed class ApiConnectionTests : ApiVerbTest
{
    private const int ExitCodeFailed = (int)ExitCode.Failed;
    private const int ExitCodeUnreachable = (int)ExitCode.Unreachable;
    private const int ExitCodeRefused = (int)ExitCode.Refused;

    private readonly string _folder = Directory.CreateTempSubdirectory("api-").FullName;

    [Fact]
    public async Task A_gateway_that_is_not_there_is_named_with_what_to_do()
    {
        (await Terminal.RunAsync("status", "--gateway", "http://127.0.0.1:9")).ShouldBe(ExitCode.Unreachable);

        Terminal.Error.ShouldContain("No gateway answers at http://127.0.0.1:9");
        Terminal.Error.ShouldContain("gateway store ls");
        Terminal.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:7420")]
    [InlineData("http://anna:secret@127.0.0.1:7425")]
    [InlineData("http://127.0.0.1:7425/api")]
    public async Task What_is_no_address_is_a_wrong_command_line(string address) =>
        (await Terminal.RunAsync("status", "--gateway", address)).ShouldBe(ExitCode.Usage);

    [Theory]
    [InlineData("SSH-2.0-x\r\n\r\n", ExitCodeUnreachable, "does not speak HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", ExitCodeFailed, "is not the HTTP API of a gateway")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", ExitCodeRefused, "(404) is not the HTTP API of a gateway")]
    [InlineData(
        "HTTP/1.1 200 OK\r\n", ExitCodeUnreachable, "ended the connection without an HTTP answer. If this is not the gateway's HTTP API")]
    public async Task Another_program_at_the_address_is_told_from_a_gateway(string answer, int exitCode, string sentence)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync(listener, Encoding.ASCII.GetBytes(answer));

        ((int)await Terminal.RunAsync("status", "--gateway", $"{listener.LocalEndpoint}")).ShouldBe(exitCode, Terminal.Error);

        Terminal.Error.ShouldContain(sentence);
        await served;
    }

    [Fact]
    public async Task A_token_comes_from_a_file()
    {
        var file = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(file, "secret\n", Token);

        (await RunAsync("status", "--token-file", file)).ShouldBe(ExitCode.Ok, Terminal.Error);
        (await RunAsync("peer", "pause", "billing", "--token-file", file)).ShouldBe(ExitCode.Refused);
        Terminal.Error.ShouldContain("lacks the role 'operate'");
        (await RunAsync("status")).ShouldBe(ExitCode.Refused);
        Terminal.Error.ShouldContain("--token-file");
        await File.WriteAllTextAsync(file, "two\nlines", Token);
        (await RunAsync("status", "--token-file", file)).ShouldBe(ExitCode.Usage);
        (await RunAsync("status", "--token-file", file + ".none")).ShouldBe(ExitCode.Failed);
        Gateway.Acts.ShouldBeEmpty();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_certificate_of_a_CA_of_ones_own_is_taken_with_that_CA_and_by_its_name()
    {
        using var pki = new TestPki();
        var files = pki.Make("localhost");
        var others = pki.Make("localhost", TestPki.Theirs);
        await using var api = await TestApi.StartAsync(options =>
        {
            options.Http.Address = "https://127.0.0.1:0";
            options.Http.Tls = new HttpTlsOptions { CertificatePath = files.CertificatePath, KeyPath = files.KeyPath };
        });
        var address = api.Service.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        async Task<(ExitCode, string)> StatusAsync(string api, params string[] more)
        {
            var terminal = new TestTerminal();
            return (await terminal.RunAsync(["status", "--gateway", api, .. more]), terminal.Error);
        }

        (await StatusAsync(address, "--ca", files.CaPath)).ShouldBe((ExitCode.Ok, ""));
        (await StatusAsync(address)).ShouldSatisfyAllConditions(answer => answer.Item1.ShouldBe(ExitCode.Unreachable), answer =>
            answer.Item2.ShouldContain("is not trusted: give the file of its CA with --ca."));
        (await StatusAsync(address, "--ca", others.CaPath)).Item2.ShouldContain("is not trusted");
        (await StatusAsync(api.Service.Address, "--ca", files.CaPath)).Item2.ShouldContain("is not for this name");
        (await StatusAsync(Address.Replace("http:", "https:", StringComparison.Ordinal), "--ca", files.CaPath)).Item2.ShouldContain(
            "speaks no version of TLS");
        (await StatusAsync(address, "--ca", files.CaPath + ".none")).ShouldSatisfyAllConditions(
            answer => answer.Item1.ShouldBe(ExitCode.Failed), answer => answer.Item2.ShouldContain("ca.crt.none cannot be used"));
        (await StatusAsync(address, "--ca", files.KeyPath)).Item2.ShouldContain("holds no certificate in PEM");
    }

    private static async Task ServeAsync(TcpListener listener, byte[] answer)
    {
        using var socket = await listener.AcceptSocketAsync(Token);
        await socket.ReceiveAsync(new byte[4096], Token);
        await socket.SendAsync(answer, Token);
        socket.Shutdown(SocketShutdown.Send);
    }

    private protected override void Configure(GatewayOptions options) =>
        options.Http.Tokens["anna"] = new HttpTokenOptions
        { TokenSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("secret"))), Roles = ["read"] };
}
