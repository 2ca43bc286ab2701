using Microsoft.Extensions.Hosting;

namespace Gateway.Hosting;

/// <summary>
/// Returns memory to the system when the gateway becomes idle, after its start or after a load, and keeps its memory small from then on. By
/// itself the collector runs once as much was allocated as the processor's caches hold, hundreds of megabytes on a large machine, which
/// takes an idle gateway hours. That limit stays as it is, since a smaller one costs throughput.
/// </summary>
internal sealed class MemoryTrim(TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rest = new RestDetector();
        using var timer = new PeriodicTimer(RestDetector.Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Collect(rest.Look(GC.GetTotalAllocatedBytes(), GC.GetTotalMemory(forceFullCollection: false)));
            }

        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private static void Collect(Garbage garbage)
    {
        switch (garbage)
        {
            case Garbage.Young: GC.Collect(0); break;
            case Garbage.All: GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); break;
            case Garbage.Much: GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false); break;
            default: break;
        }
    }
}
