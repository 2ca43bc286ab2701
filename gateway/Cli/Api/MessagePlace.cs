using System.CommandLine;
using Gateway.Store;

namespace Gateway.Cli.Api;

/// <summary>Names one message: by its queue and its number there, or as a dead letter.</summary>
internal sealed class MessagePlace
{
    private readonly Argument<string?> _queue = new("queue") { Description = $"The queue: {QueueName.Forms}.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<long?> _number = new("number") { Description = "The message's number in it, as 'queue peek' gives it.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<long?> _letter = new("--dead-letter") { Description = "Instead, the dead letter of this number.", HelpName = "N" };

    /// <param name="withDeadLetters">It may be a dead letter, too.</param>
    public void AddTo(Command command, bool withDeadLetters = true)
    {
        command.Arguments.Add(_queue);
        command.Arguments.Add(_number);
        if (withDeadLetters) command.Options.Add(_letter);
        command.Validators.Add(result =>
        {
            var letter = withDeadLetters ? result.GetValue(_letter) : null;
            var (queue, number) = (result.GetValue(_queue), result.GetValue(_number));
            if ((queue is not null && number is not null) == letter is not null || (letter is not null && queue is not null))
                result.AddError(withDeadLetters ? "Give a queue and a number, or --dead-letter and a number." : "Give a queue and a number.");
            else if (queue is not null)
                ApiArguments.Check(queue, result.AddError);
        });
    }

    /// <summary>The queue is null for a dead letter.</summary>
    public (QueueId? Queue, long Number) Read(ParseResult parsed) => parsed.GetValue(_queue) is { } queue
        ? (QueueName.Parse(queue), parsed.GetValue(_number) ?? 0)
        : (null, parsed.GetValue(_letter) ?? 0);
}
