using System.Diagnostics.Metrics;
using Gateway.Management;

namespace Gateway.Telemetry;

/// <summary>
/// Metrics of inlets and outlets; their names come from the configuration, which bounds them. Any thread may read them; one thread updates
/// them.
/// </summary>
internal sealed class TcpMetrics
{
    private volatile GatewayState? _shown;

    public TcpMetrics(Meter meter)
    {
        Inlets(meter, "gateway.inlet.up", "", "1 while an inlet listens and holds no program back, else 0.",
            inlet => inlet.Status.IsWell ? 1 : 0);
        meter.CreateObservableGauge("gateway.inlet.status", () => Measure(state => state.Inlets.Select(inlet => new Measurement<long>(
            1, Inlet(inlet), new(TelemetryNames.LinkState, MeterText.Of(inlet.Status.State)),
            new(TelemetryNames.LinkCause, MeterText.Of(inlet.Status.Cause))))), "", "1 for the state and the cause that an inlet has.");
        Inlets(meter, "gateway.inlet.connections", "{connection}", "Open connections of programs to an inlet.", inlet => inlet.Status.Open);
        CountInlets(meter, "gateway.inlet.frames", "{message}", "Frames of programs that became messages.", inlet => inlet.Status.Frames);
        CountInlets(meter, "gateway.inlet.received", "By", "Bytes of these frames.", inlet => inlet.Status.Bytes);
        CountInlets(meter, "gateway.inlet.replies", "{message}", "Replies that were written to programs.", inlet => inlet.Status.Replies);
        meter.CreateObservableCounter("gateway.inlet.faults", () => Measure(state => state.Inlets.SelectMany(Faults)), "{fault}",
            "What went wrong at an inlet, by kind.");

        Outlets(meter, "gateway.outlet.up", "", "1 while an outlet is up and well, else 0.", outlet => outlet.Status.IsWell ? 1 : 0);
        meter.CreateObservableGauge("gateway.outlet.status", () => Measure(state => state.Outlets.Select(outlet => new Measurement<long>(
            1, Outlet(outlet), new(TelemetryNames.LinkState, MeterText.Of(outlet.Status.State)),
            new(TelemetryNames.LinkCause, MeterText.Of(outlet.Status.PresentCause))))), "",
            "1 for the state and the cause that an outlet has.");
        Outlets(meter, "gateway.outlet.connections", "{connection}", "Open connections of an outlet.", outlet => outlet.Status.Open);
        Outlets(meter, "gateway.outlet.messages", "{message}", "Messages that wait in the queue of an outlet.", outlet => outlet.Messages);
        CountOutlets(meter, "gateway.outlet.delivered", "{message}", "Messages delivered to the target.",
            outlet => outlet.Status.Delivered);
        CountOutlets(meter, "gateway.outlet.sent", "By", "Bytes of these messages.", outlet => outlet.Status.Bytes);
        CountOutlets(meter, "gateway.outlet.sent_again", "{message}", "Messages sent again after the end of a connection.",
            outlet => outlet.Status.SentAgain);
        CountOutlets(meter, "gateway.outlet.possibly_twice", "{message}", "Of these, those that the program may have seen before.",
            outlet => outlet.Status.PossiblySeenTwice);
        CountOutlets(meter, "gateway.outlet.refused", "{message}", "Refusals of messages by the target.", outlet => outlet.Status.Refused);
        CountOutlets(meter, "gateway.outlet.replies", "{message}", "Frames from the target.", outlet => outlet.Status.Replies);
        CountOutlets(meter, "gateway.outlet.unclaimed", "{message}", "Frames from the target that belong to no conversation.",
            outlet => outlet.Status.Unclaimed);
    }

    /// <summary>Shows a new state; null for none.</summary>
    public void Show(GatewayState? state) => _shown = state;

    private static IEnumerable<Measurement<long>> Faults(InletSummary inlet)
    {
        var status = inlet.Status;
        return new[]
        {
            ("incomplete", status.Incomplete), ("not_a_frame", status.NotFrames), ("refused", status.Refused),
            ("unclaimed", status.Unclaimed),
        }.Select(fault => new Measurement<long>(fault.Item2, Inlet(inlet), new(TelemetryNames.ErrorType, fault.Item1)));
    }

    private void Inlets(Meter meter, string name, string unit, string text, Func<InletSummary, long> figure) =>
        meter.CreateObservableGauge(name, () => OfInlets(figure), unit, text);

    private void CountInlets(Meter meter, string name, string unit, string text, Func<InletSummary, long> figure) =>
        meter.CreateObservableCounter(name, () => OfInlets(figure), unit, text);

    private void Outlets(Meter meter, string name, string unit, string text, Func<OutletSummary, long> figure) =>
        meter.CreateObservableGauge(name, () => OfOutlets(figure), unit, text);

    private void CountOutlets(Meter meter, string name, string unit, string text, Func<OutletSummary, long> figure) =>
        meter.CreateObservableCounter(name, () => OfOutlets(figure), unit, text);

    private IEnumerable<Measurement<long>> OfInlets(Func<InletSummary, long> figure) =>
        Measure(state => state.Inlets.Select(inlet => new Measurement<long>(figure(inlet), Inlet(inlet))));

    private IEnumerable<Measurement<long>> OfOutlets(Func<OutletSummary, long> figure) =>
        Measure(state => state.Outlets.Select(outlet => new Measurement<long>(figure(outlet), Outlet(outlet))));

    private IEnumerable<Measurement<long>> Measure(Func<GatewayState, IEnumerable<Measurement<long>>> measure) =>
        _shown is { } shown ? measure(shown) : [];

    private static KeyValuePair<string, object?> Inlet(InletSummary inlet) => new(TelemetryNames.Inlet, inlet.Name);

    private static KeyValuePair<string, object?> Outlet(OutletSummary outlet) => new(TelemetryNames.Outlet, outlet.Name);
}
