using Gateway.Configuration;
using Gateway.Doctor;
using Gateway.Doctor.Probes;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Management;

namespace Gateway.Http.Resources;

/// <summary>The doctor inside the gateway: it examines with the options in force, as the gateway's own process.</summary>
internal sealed class GatewayDoctor(GatewayAccess gateway, TimeProvider time) : IDoctor, IDisposable
{
    private static readonly TimeSpan _timeMax = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc/>
    public async Task<Diagnosis> ExamineAsync(string? peer, WayWishes wishes, CancellationToken cancellationToken)
    {
        if (!_turn.Wait(0, CancellationToken.None)) throw new DoctorBusyException();
        using var late = new CancellationTokenSource(_timeMax, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var answer = new GatewayAnswer(await ReadAsync(limit.Token));
            // Files and flushes are waited for in place.
            return await Task.Run(() => new Examination(ConfigurationReport.OfRunning(gateway.Options), ProgramVersion.Text, time)
                .RunAsync(answer, peer, wishes, limit.Token), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"The examination took more than {Figures.Span(_timeMax)}. 'gateway doctor' on the gateway's host has no such limit.");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<RunningGateway> ReadAsync(CancellationToken cancellationToken)
    {
        var management = gateway.Management;
        var state = await management.ReadStateAsync(cancellationToken);
        var links = new List<LinkDetailsView>();
        foreach (var link in state.Links)
        {
            if (await management.ReadLinkAsync(link.Status.Peer, cancellationToken) is { } details) links.Add(LinkDetailsView.Of(details));
        }

        return DoctorReading.Of(GatewayView.Of(state, gateway.Observers.CountUnseen()), Health.Of(state), links);
    }
}
