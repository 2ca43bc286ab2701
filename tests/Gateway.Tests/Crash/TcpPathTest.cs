using System.Globalization;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Tests.Crash;

/// <summary>The base of tests in which programs with plain sockets use two gateways.</summary>
public abstract class TcpPathTest : ProcessTest
{
    private static Dictionary<string, string> None { get; } = [];

    /// <summary>Two gateways that lead from an inlet to the port of a program. Not started.</summary>
    /// <param name="inlet">Further keys of the inlet; likewise of the outlet.</param>
    /// <param name="shop">Further keys of the gateway with the inlet, in full; likewise of the other one.</param>
    internal TcpPath NewPath(
        TcpFraming framing, int targetPort, IReadOnlyDictionary<string, string>? inlet = null,
        IReadOnlyDictionary<string, string>? outlet = null, IReadOnlyDictionary<string, string>? shop = null,
        IReadOnlyDictionary<string, string>? billing = null)
    {
        var gateways = NewGateways("shop", "billing");
        var port = LoopbackPort.Free(1)[0];
        var near = With(gateways[0], Section("Gateway:Tcp:Inlets:orders", framing, inlet, new Dictionary<string, string>
        {
            ["Address"] = string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}"),
            ["Destination"] = "orders@billing",
        }).Concat(shop ?? None));
        var far = With(gateways[1], Section("Gateway:Tcp:Outlets:orders", framing, outlet, new Dictionary<string, string>
        {
            ["Queue"] = "orders",
            ["Target"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{targetPort}"),
        }).Concat(billing ?? None));
        return new TcpPath(near, far, port);
    }

    private TestGateway With(TestGateway gateway, IEnumerable<KeyValuePair<string, string>> more) => Track(new TestGateway(
        gateway.Settings with { More = new Dictionary<string, string>([.. gateway.Settings.More, .. more]) }));

    private static IEnumerable<KeyValuePair<string, string>> Section(
        string section, TcpFraming framing, IReadOnlyDictionary<string, string>? more, IReadOnlyDictionary<string, string> keys) =>
        framing.Keys.Select(key => KeyValuePair.Create($"{section}:Framing:{key.Key}", key.Value))
            .Concat(keys.Concat(more ?? new Dictionary<string, string>())
                .Select(key => KeyValuePair.Create($"{section}:{key.Key}", key.Value)));
}
