using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A client in another language, written from the protocol's page alone, against a real gateway.</summary>
[Kind(Kind.Process)]
[Needs("pyzmq")]
public sealed class PythonTests : ProcessTest
{
    private const string Count = "500";

    private static string Script => Path.Combine(AppContext.BaseDirectory, "gateway_client.py");

    [Fact]
    public async Task The_Python_client_gets_back_what_it_sent()
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);

        var client = Track(TestProcess.Start(
            new ProcessStartInfo(Tool.Python, ["-B", Script, gateway.Address, "roundtrip", "greetings", "local", Count]),
            Path.Combine(Folder, "python.log")));

        // Python's own words say when zmq is missing.
        (await InTimeAsync("the client ends", client.Ended))
            .ShouldBe(0, $"{client.Errors}; the module zmq is installed by .ci/run (apt-get install python3-zmq)");
        client.Output.ShouldBe($"OK {Count}");
        (await OperatorView.StateAsync(NewClient(gateway), Token)).Messages().ShouldBe(0);
    }
}
