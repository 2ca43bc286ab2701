using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Security;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Transport.Dialing;

namespace Gateway.Cli.Api;

/// <summary>The options shared by every verb that uses the HTTP API of a running gateway, and the client built from them.</summary>
/// <param name="config">The file of configuration that has the address, shared with other connections of the verb.</param>
internal sealed class ApiConnection(ConfigOption config)
{
    /// <summary>Not a command-line option: other users could read it in the process list.</summary>
    public const string TokenVariable = "GATEWAY_TOKEN";

    private const string CaVariable = "GATEWAY_CA";

    /// <summary>The option that names the gateway.</summary>
    public const string AddressOption = "--gateway";

    private readonly Option<string?> _address = new(AddressOption)
    {
        Description = "Where the gateway's HTTP API is. Default: Gateway:Http:Address of the configuration.",
        HelpName = "[http://]HOST:PORT",
    };

    private readonly Option<FileInfo?> _tokenFile = new("--token-file")
    {
        Description = $"A file with the token by which the gateway knows who asks. Default: the environment variable {TokenVariable}, "
            + $"or none.",
        HelpName = "FILE",
    };

    private readonly Option<FileInfo?> _ca = new("--ca")
    {
        Description = $"A file with the CA, PEM, of the gateway's certificate, for https. Default: the environment variable {CaVariable}, "
            + $"Gateway:Http:Tls:CaPath, or the CAs that the system trusts.",
        HelpName = "FILE",
    };

    private readonly Option<TimeSpan> _timeout = Duration.TimeoutOption("--timeout", TimeSpan.FromSeconds(10));

    public void AddTo(Command command)
    {
        command.Options.Add(_address);
        config.AddTo(command);
        command.Options.Add(_tokenFile);
        command.Options.Add(_ca);
        command.Options.Add(_timeout);
    }

    /// <summary>The time that the user gave for the answer; null for the default.</summary>
    public TimeSpan? GivenTimeout(ParseResult parsed) =>
        parsed.GetResult(_timeout) is { Implicit: false } ? parsed.GetValue(_timeout) : null;

    /// <summary>Runs a verb's work with a client; communication errors are reported in a sentence.</summary>
    public async Task<ExitCode> UseAsync(ParseResult parsed, TimeProvider time, Func<ApiClient, Task<ExitCode>> work)
    {
        try
        {
            using var http = await OpenAsync(parsed, time);
            return await work(new ApiClient(http, parsed.GetValue(_timeout), time));
        }
        catch (ApiException failure)
        {
            throw new CommandLineException(failure.ExitCode, failure.Message);
        }
    }

    private async Task<HttpClient> OpenAsync(ParseResult parsed, TimeProvider time)
    {
        var address = AddressOf(parsed);
        // The token must reach only the gateway: neither a proxy from the environment nor the target of a redirect.
        var trust = address.Scheme == Uri.UriSchemeHttps ? ApiTrust.Of(CaOf(parsed)) : new SslClientAuthenticationOptions();
        // Half of the time-out is for connecting, so that the other half is left to report the failure.
        var connect = new RacedConnect(AddressRace.Of(parsed.GetValue(_timeout) / 2, time));
        var http = new HttpClient(new ResetOnConnect(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = trust,
            ConnectCallback = connect.ConnectAsync
        }))
        { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (await ReadTokenAsync(parsed) is { Length: > 0 } token)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private Uri AddressOf(ParseResult parsed)
    {
        var text = parsed.GetValue(_address) ?? Configured(parsed, "Http:Address") ?? new HttpOptions().Address;
        if (text.Length == 0) throw new CommandLineException(ExitCode.Usage, "The configuration gives the gateway no "
            + "HTTP API (Gateway:Http:Address is empty); give --gateway, or stop the gateway and use the verb store.");
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var address)
            || address is not ({ Scheme: "http" or "https", UserInfo: "", PathAndQuery: "/" }))
        {
            var hint = address?.Scheme == "tcp" ? " tcp:// is where applications connect, with 'gateway send' and 'gateway receive'." : "";
            throw new CommandLineException(ExitCode.Usage,
                $"'{text}' is not the address of an HTTP API; write it as http://HOST:PORT.{hint}");
        }

        // A gateway that listens on all addresses of this host also listens on loopback.
        return address.Host switch
        {
            "0.0.0.0" => new UriBuilder(address) { Host = "127.0.0.1" }.Uri,
            "[::]" => new UriBuilder(address) { Host = "[::1]" }.Uri,
            _ => address,
        };
    }

    private string CaOf(ParseResult parsed)
    {
        if (parsed.GetValue(_ca) is { } file) return file.FullName;
        return Environment.GetEnvironmentVariable(CaVariable) is { Length: > 0 } variable ? variable
            : Configured(parsed, "Http:Tls:CaPath") ?? "";
    }

    private string? Configured(ParseResult parsed, string key) => config.Read(parsed, key, $"{AddressOption}, and --ca for https");

    private async Task<string> ReadTokenAsync(ParseResult parsed)
    {
        try
        {
            var token = (parsed.GetValue(_tokenFile) is
            { } file ? await FileDoor.ReadTextAsync(file.FullName) : Environment.GetEnvironmentVariable(TokenVariable) ?? "").Trim();
            return token.All(c => c is > ' ' and <= '~') ? token : throw new CommandLineException(
                ExitCode.Usage, "The token has characters that no token has; 'gateway token new' makes one.");
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new CommandLineException(ExitCode.Failed, refused.Message);
        }
    }
}
