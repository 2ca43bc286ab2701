namespace Gateway.Benchmarks.Names;

/// <summary>One round of <see cref="NamesBenchmark"/>.</summary>
/// <param name="pairs">Measured in turn, in this order.</param>
/// <param name="limitOf">By which name's figures those of a pair are measured; null for none.</param>
internal sealed class NamesRound(Scoreboard board, IReadOnlyList<NamesPair> pairs, Func<NamesPair, string?> limitOf, int messages)
{
    private const int PartsOfWarmUp = 4;
    private const int PartsAfter = 10;

    public async Task MeasureAsync(int turns, TimeSpan rest, TimeSpan restAfterStart, CancellationToken cancellationToken)
    {
        await InTurnAsync(pair => pair.StartAsync(cancellationToken));
        await InTurnAsync(async pair =>
        {
            // The processes compile what they run.
            await pair.LoadAsync(messages / PartsOfWarmUp, cancellationToken);
            await pair.OneQueueAsync(messages / PartsOfWarmUp, cancellationToken);
        });
        await InTurnAsync(async pair => Add(pair, "", "messages/s", await pair.LoadAsync(messages, cancellationToken)));
        for (var turn = 0; turn < turns; turn++)
        {
            await InTurnAsync(async pair =>
            {
                var (accepted, completed) = await pair.OneQueueAsync(messages / PartsOfWarmUp, cancellationToken);
                Add(pair, ": one queue after it, accepted", "messages/s", accepted);
                Add(pair, ": one queue after it, completed", "messages/s", completed);
            });
        }

        await Task.Delay(rest, cancellationToken);
        AddMemory("after it");
        await InTurnAsync(async pair =>
        {
            await pair.LoadAsync(messages / PartsAfter, cancellationToken);
            await pair.EndApplicationsAsync();
        });
        await MeasureStartsAsync("after a kill", isKilled: true);
        await MeasureStartsAsync("after a stop", isKilled: false);

        async Task MeasureStartsAsync(string when, bool isKilled)
        {
            for (var turn = 0; turn < turns; turn++)
            {
                for (var side = 0; side < pairs[0].Gateways.Count; side++)
                {
                    await InTurnAsync(async pair =>
                    {
                        var start = await NamesPair.RestartAsync(pair.Gateways[side], isKilled, cancellationToken);
                        Add(pair, $": start {when}, {pair.Gateways[side].Settings.Name}", "ms", start.TotalMilliseconds);
                    });
                }
            }

            await Task.Delay(restAfterStart, cancellationToken);
            AddMemory($"{when} and a start");
        }
    }

    private async Task InTurnAsync(Func<NamesPair, Task> measureAsync)
    {
        foreach (var pair in pairs) await measureAsync(pair);
    }

    private void AddMemory(string when)
    {
        foreach (var pair in pairs)
        {
            foreach (var gateway in pair.Gateways)
                Add(pair, $": memory {when}, {gateway.Settings.Name}", "MB", gateway.ResidentBytes / 1e6);
        }
    }

    private void Add(NamesPair pair, string what, string unit, double value) =>
        board.Add(pair.Name + what, unit, value, limitOf(pair) is { } limit ? [limit + what] : []);
}
