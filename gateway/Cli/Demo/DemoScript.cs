using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Cli.Demo;

/// <summary>The planned kills of a demo, one after the other, while messages flow.</summary>
/// <param name="receiving">Shows which process of the receiving gateway is active.</param>
internal sealed class DemoScript(
    DemoPlan plan, DemoStage stage, StatusWatch receiving, DemoBook book, DemoJournal journal, DemoClock clock, TimeProvider time)
{
    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _lookInterval = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await WaitForAsync(plan.ReceivingGateway, cancellationToken);
        if (stage.Standby is null) await RestartReceivingAsync(cancellationToken);
        else await TakeOverAsync(cancellationToken);

        await WaitForAsync(plan.Consumer, cancellationToken);
        await KillAsync("consumer", stage.Consumer.KillAsync, plan.Consumer, cancellationToken);
        await stage.Consumer.StartAsync();
        journal.Note("consumer started again");

        await WaitForAsync(plan.SendingGateway, cancellationToken);
        await KillAsync("sending gateway", stage.SendingGateway.KillAsync, plan.SendingGateway, cancellationToken);
        await ReturnAsync("sending gateway", stage.SendingGateway, plan.SendingGateway, cancellationToken);
    }

    private async Task RestartReceivingAsync(CancellationToken cancellationToken)
    {
        await KillAsync("receiving gateway", stage.ReceivingGateway.KillAsync, plan.ReceivingGateway, cancellationToken);
        await book.EnterAsync(ledger => ledger.ReceivingGatewayRestarted());
        await ReturnAsync("receiving gateway", stage.ReceivingGateway, plan.ReceivingGateway, cancellationToken);
    }

    /// <summary>The killed process comes back as the standby of the one that has taken over.</summary>
    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        journal.Note("receiving gateway killed (SIGKILL); its standby is to take over");
        await stage.ReceivingGateway.KillAsync();
        var killed = clock.Elapsed;
        await book.EnterAsync(ledger => ledger.ReceivingGatewayRestarted());
        await book.EnterAsync(ledger => ledger.PeerStarted("standby", killed, plan.ReceivingGateway.AfterAccepted, "the kill"));
        while (await receiving.LookAsync(cancellationToken) is null)
            await Task.Delay(_lookInterval, time, cancellationToken);
        var active = clock.Elapsed;
        await book.EnterAsync(ledger => ledger.PeerListening(active));
        journal.Note("the standby has taken over");
        await Task.Delay(plan.ReceivingGateway.Absence, time, cancellationToken);
        stage.ReceivingGateway.Start();
        journal.Note("receiving gateway started again; it stands by now");
    }

    private async Task WaitForAsync(DemoKill kill, CancellationToken cancellationToken)
    {
        using var glance = new PeriodicTimer(_glance, time);
        while (book.Counts.Accepted < kill.AfterAccepted)
            await glance.WaitForNextTickAsync(cancellationToken);
    }

    private async Task KillAsync(string who, Func<Task> kill, DemoKill plan, CancellationToken cancellationToken)
    {
        journal.Note($"{who} killed (SIGKILL), for {DemoTime.Format(plan.Absence).TrimStart()}");
        await kill();
        await Task.Delay(plan.Absence, time, cancellationToken);
    }

    private async Task ReturnAsync(string who, GatewayProcess gateway, DemoKill kill, CancellationToken cancellationToken)
    {
        var started = clock.Elapsed;
        await book.EnterAsync(ledger => ledger.PeerStarted(who, started, kill.AfterAccepted));
        gateway.Start();
        journal.Note($"{who} started again");

        await gateway.WaitUntilLinkedAsync(cancellationToken);
        var listening = clock.Elapsed;
        await book.EnterAsync(ledger => ledger.PeerListening(listening));
        await gateway.WaitUntilReadyAsync(cancellationToken);
    }
}
