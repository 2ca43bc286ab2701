using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Store.Messages;

namespace Gateway.Cli.Operator;

/// <summary>Identifies one message: by queue and number, or as a dead letter.</summary>
internal sealed class MessagePlace
{
    private readonly Argument<string?> _queue = new("queue")
    { Description = $"The queue: {QueueArgument.Forms}.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<long?> _number = new("number")
    { Description = "The message's number in it, as 'queue peek' gives it.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<long?> _letter = new("--dead-letter")
    { Description = "Instead, the dead letter of this number.", HelpName = "N" };

    /// <param name="withDeadLetters">Accepts dead letters too.</param>
    public void AddTo(Command command, bool withDeadLetters = true)
    {
        command.Arguments.Add(_queue);
        command.Arguments.Add(_number);
        if (withDeadLetters) command.Options.Add(_letter);
        _queue.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name) ApiArguments.Check(name, result.AddError);
        });
        // Only the presence of options is checked: an invalid number has no value to read.
        command.Validators.Add(result =>
        {
            var words = (result.GetResult(_queue)?.Tokens.Count ?? 0) + (result.GetResult(_number)?.Tokens.Count ?? 0);
            var isLetter = result.GetResult(_letter) is not null;
            if (words != (isLetter ? 0 : 2)) result.AddError(
                withDeadLetters ? "Give a queue and a number, or --dead-letter and a number." : "Give a queue and a number.");
        });
    }

    /// <summary>The queue is null for a dead letter.</summary>
    public (QueueId? Queue, long Number) Read(ParseResult parsed) => parsed.GetValue(_queue) is { } queue
        ? (QueueArgument.Parse(queue), parsed.GetValue(_number) ?? 0)
        : (null, parsed.GetValue(_letter) ?? 0);
}
