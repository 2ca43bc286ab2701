using System.Diagnostics;
using static Gateway.Contract.Conductor;

namespace Gateway.Contract;

/// <summary>What an application that traces relies on. These clauses listen to all clients of the process.</summary>
internal sealed class TraceClauses
{
    private readonly Conductor _conductor;

    public TraceClauses(Conductor conductor) => _conductor = conductor;

    public IEnumerable<Clause> All => new[]
    {
        new Clause("a trace goes on at the consumer", TraceAsync),
    };

    private async Task TraceAsync()
    {
        // As OpenTelemetry does; the default of .NET Framework is a form that no other system reads.
        Activity.DefaultIdFormat = ActivityIdFormat.W3C;
        Activity.ForceDefaultIdFormat = true;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Gateway.Client",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var client = _conductor.NewClient();
        await client.EnqueueAsync("traced@local", Bytes("traced"), cancellationToken: Limit());
        await using var messages = client.ReceiveAsync("traced", cancellationToken: Limit()).GetAsyncEnumerator();
        var message = await NextAsync(messages);
        using (var activity = message.StartActivity())
            Same(activity?.TraceId.ToString(), message.Headers["traceparent"].Split('-')[1], "the trace");
        await message.CompleteAsync(Limit());
    }
}
