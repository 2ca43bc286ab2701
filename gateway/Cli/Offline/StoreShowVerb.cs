using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Client.Wire;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Cli.Offline;

/// <summary>Prints one message of a store in full.</summary>
internal static class StoreShowVerb
{
    public static Command Create(Terminal terminal)
    {
        var store = new StorePlaceOptions();
        var queue = new Argument<string?>("queue") { Description = $"The queue: {QueueArgument.Forms}.", Arity = ArgumentArity.ZeroOrOne };
        var number = new Argument<long?>("number")
        { Description = "The message's number in it, as 'store ls' gives it.", Arity = ArgumentArity.ZeroOrOne };
        var deadLetter = new Option<long?>("--dead-letter") { Description = "Print this dead letter instead.", HelpName = "N" };
        var verbose = new Option<bool>("--verbose", "-v")
        { Description = "Print id, deliveries, times, source and headers before the body." };
        var command = new Command("show", "Print one message of a gateway that is stopped: its body and a line's end.")
            { queue, number, deadLetter, verbose };
        command.Validators.Add(result =>
        {
            var isMessage = result.GetResult(queue) is { Tokens.Count: > 0 } && result.GetResult(number) is { Tokens.Count: > 0 };
            if (isMessage == result.GetResult(deadLetter) is not null)
                result.AddError("Give a queue and a number, or --dead-letter and a number.");
        });
        store.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            var letter = parsed.GetValue(deadLetter);
            QueueId? place = letter is null ? QueueArgument.Parse(parsed.GetValue(queue)!) : null;
            var found = Find(store.Read(parsed), place, letter ?? parsed.GetValue(number) ?? 0);
            await new MessagePrinter(terminal, parsed.GetValue(verbose))
                .PrintAsync(Print(found, isLetter: letter is not null), cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static StoredMessage Find(StorePlace folder, QueueId? place, long number)
    {
        using var store = OfflineStore.Open(folder);
        var command = store.Read(new ReadOneCommand(place, number, _ => { }));
        var what = place is { } id ? $"Number {number} of {id}" : $"Dead letter {number}";
        if (command.IsDamaged) throw new CommandLineException(ExitCode.Damaged, $"{what} cannot be read: its bytes are damaged.");
        return command.Found ?? throw new CommandLineException(ExitCode.Failed, $"{what} is not there.");
    }

    /// <param name="isLetter">It is a dead letter, whose deliveries the store does not keep.</param>
    private static PrintedMessage Print(StoredMessage stored, bool isLetter) => new(
        Id: stored.Message.Id,
        Body: stored.Message.Body,
        Headers: HeadersJson.TryRead(stored.Message.Headers, out var headers) ? headers : new Dictionary<string, string>(),
        Deliveries: isLetter ? null : stored.Deliveries,
        EnqueuedAt: DateTimeOffset.FromUnixTimeMilliseconds(stored.Message.EnqueuedUnixMs),
        ExpiresAt: stored.Message.ExpiresUnixMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(stored.Message.ExpiresUnixMs) : null,
        Source: stored.Message.Source);
}
