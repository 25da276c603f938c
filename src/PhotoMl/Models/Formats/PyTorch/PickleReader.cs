using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace PhotoMl.Models;

/// <summary>Reads the pickle of a state_dict without running anything: a stack machine that knows dictionaries, numbers, texts and
/// tensors.</summary>
/// <remarks>The opcodes are those of Python's pickletools; names are only compared, and one that is not known ends the reading.</remarks>
internal sealed class PickleReader(string path, byte[] bytes)
{
    public const int MostBytes = 1 << 25;

    private const string Kind = "the pickle of a state_dict";
    private const string OrderedDict = "collections.OrderedDict";
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const int MostObjects = 1 << 21;
    private const int MostStack = 1 << 18;
    private const int MostTextBytes = 1 << 16;
    private const int NewestProtocol = 5;

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private int _position;
    private int _objects;
    private int _tensors;

    public static object? Read(string path, byte[] bytes) => new PickleReader(path, bytes).Run();

    private object? Run()
    {
        while (true)
        {
            var opcode = (char)Take(1)[0];
            if (opcode == '.') // STOP
            {
                return Pop();
            }

            Step(opcode);
            if (++_objects > MostObjects || _stack.Count + _marks.Count > MostStack)
            {
                throw Refuse($"at most {MostObjects} steps and {MostStack} objects at once", "more");
            }
        }
    }

    private void Step(char opcode)
    {
        switch (opcode)
        {
            case '\u0080': CheckProtocol(Take(1)[0]); break; // PROTO
            case '(': _marks.Push(_stack.Count); break; // MARK
            case 'N': _stack.Add(null); break; // NONE
            case '\u0088': _stack.Add(true); break; // NEWTRUE
            case '\u0089': _stack.Add(false); break; // NEWFALSE
            case 'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break; // BININT
            case 'K': _stack.Add((long)Take(1)[0]); break; // BININT1
            case 'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break; // BININT2
            case '\u008A': _stack.Add(ReadLong(Take(1)[0])); break; // LONG1
            case 'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break; // BINFLOAT
            case 'X': _stack.Add(ReadText(ReadUInt32())); break; // BINUNICODE
            case '\u008C': _stack.Add(ReadText(Take(1)[0])); break; // SHORT_BINUNICODE
            case '}': _stack.Add(new Dictionary<object, object?>()); break; // EMPTY_DICT
            case ']': _stack.Add(new List<object?>()); break; // EMPTY_LIST
            case ')': _stack.Add(Array.Empty<object?>()); break; // EMPTY_TUPLE
            case '\u0085': _stack.Add(PopMany(1)); break; // TUPLE1
            case '\u0086': _stack.Add(PopMany(2)); break; // TUPLE2
            case '\u0087': _stack.Add(PopMany(3)); break; // TUPLE3
            case 't': _stack.Add(PopToMark()); break; // TUPLE
            case 'a': AppendTo([Pop()]); break; // APPEND
            case 'e': AppendTo(PopToMark()); break; // APPENDS
            case 's': SetItems(PopMany(2)); break; // SETITEM
            case 'u': SetItems(PopToMark()); break; // SETITEMS
            case 'q': _memo[Take(1)[0]] = Peek(); break; // BINPUT
            case 'r': _memo[ReadUInt32()] = Peek(); break; // LONG_BINPUT
            case 'h': _stack.Add(Recall(Take(1)[0])); break; // BINGET
            case 'j': _stack.Add(Recall(ReadUInt32())); break; // LONG_BINGET
            case '\u0094': _memo[(uint)_memo.Count] = Peek(); break; // MEMOIZE
            case 'c': _stack.Add(FindName(ReadLine(), ReadLine())); break; // GLOBAL
            case '\u0093': _stack.Add(FindName(PopMany(2))); break; // STACK_GLOBAL
            case '\u0095': Require(ReadUInt64() <= (ulong)(bytes.Length - _position), Kind, "a frame without its end"); break; // FRAME
            case 'Q': _stack.Add(FindStorage(Pop())); break; // BINPERSID
            case 'R': Reduce(); break; // REDUCE

            // The attributes of an OrderedDict, such as the _metadata of a module, are of no use here.
            case 'b': _ = Pop(); _ = Expect<Dictionary<object, object?>>(Peek(), "a dictionary to build"); break; // BUILD
            default:
                var found = $"opcode 0x{(byte)opcode:X2} at byte {_position - 1} of its pickle; nothing in it was run";
                throw Refuse("only the opcodes of a state_dict", found);
        }
    }

    private void CheckProtocol(byte protocol) =>
        Require(protocol <= NewestProtocol, $"a pickle of protocol {NewestProtocol} at most", $"protocol {protocol}");

    private Name FindName(params object?[] parts)
    {
        var name = string.Join('.', parts.Select(part => part as string ?? throw Refuse("a name in two texts", "another object")));
        Require(
            name is OrderedDict or RebuildTensor or RebuildParameter || TensorDtype.OfStorage(name) is not null,
            $"only the names a state_dict of tensors refers to ({OrderedDict}, torch's storages and _rebuild_tensor_v2)",
            $"{name}; nothing in it was run");
        return new Name(name);
    }

    private void Reduce()
    {
        var arguments = Expect<object?[]>(Pop(), "arguments in a tuple");
        var name = Expect<Name>(Pop(), "a name to apply");
        _stack.Add(name.Text switch
        {
            OrderedDict when arguments.Length == 0 => new Dictionary<object, object?>(),
            RebuildTensor when arguments is [TensorStorage storage, long offset, object?[] shape, object?[] strides, ..] =>
                Rebuild(storage, offset, shape, strides),
            RebuildParameter when arguments is [StoredTensor tensor, ..] => tensor,
            _ => throw Refuse($"the arguments of {name.Text}", $"{arguments.Length} others"),
        });
    }

    private TensorStorage FindStorage(object? identity) =>
        identity is object?[] and ["storage", Name { Text: var type }, string key, string, long elements]
        && TensorDtype.OfStorage(type) is { } dtype
            ? new TensorStorage(dtype, key, elements)
            : throw Refuse("a storage of tensors", "another persistent object");

    private StoredTensor Rebuild(TensorStorage storage, long offset, object?[] shape, object?[] strides)
    {
        Require(++_tensors <= TensorDtype.MostTensors, $"at most {TensorDtype.MostTensors} tensors", "more");
        Require(
            shape.Length == strides.Length
            && shape.Length <= TensorDtype.MostDimensions
            && shape.Concat(strides).All(number => number is long),
            $"as many strides as sizes, {TensorDtype.MostDimensions} at most",
            $"{shape.Length} sizes and {strides.Length} strides");
        var tensor = new StoredTensor(storage, offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()]);
        Require(
            tensor.Fits(),
            $"a tensor within the {storage.Elements} elements of storage {storage.Key}",
            $"one of sizes ({string.Join(", ", tensor.Shape)}), strides ({string.Join(", ", tensor.Strides)}) and offset {offset}");
        return tensor;
    }

    private void SetItems(object?[] items)
    {
        var dictionary = Expect<Dictionary<object, object?>>(Peek(), "a dictionary to fill");
        Require(items.Length % 2 == 0, "a value for every key", PhotoMlException.Count(items.Length, "item"));
        foreach (var pair in items.Chunk(2))
        {
            dictionary[pair[0] is string or long ? pair[0]! : throw Refuse("keys that are texts or numbers", "another key")] = pair[1];
        }
    }

    private void AppendTo(object?[] items) => Expect<List<object?>>(Peek(), "a list to fill").AddRange(items);

    private object? Recall(uint index) =>
        _memo.TryGetValue(index, out var value) ? value : throw Refuse(Kind, $"a reference to object {index}, which it does not have");

    private object?[] PopMany(int count)
    {
        var start = _stack.Count - count;
        Require(count >= 0 && start >= (_marks.TryPeek(out var mark) ? mark : 0), Kind, $"nothing to work on before byte {_position}");
        object?[] items = [.. _stack[^count..]];
        _stack.RemoveRange(start, count);
        return items;
    }

    private object?[] PopToMark() =>
        PopMany(_marks.TryPop(out var start) ? _stack.Count - start : throw Refuse(Kind, "a list without its beginning"));

    private object? Pop() => PopMany(1)[0];

    private object? Peek() => _stack.Count > 0 ? _stack[^1] : throw Refuse(Kind, $"nothing to work on before byte {_position}");

    private T Expect<T>(object? value, string expected)
        where T : class => value as T ?? throw Refuse(expected, $"something else before byte {_position} of its pickle");

    private long ReadLong(int length)
    {
        Require(length <= sizeof(long), "whole numbers of 8 bytes at most", $"one of {length}");
        return (long)new BigInteger(Take(length));
    }

    private string ReadText(uint length)
    {
        Require(length <= MostTextBytes, $"texts of at most {MostTextBytes} bytes", $"one of {length}");
        var text = Take((int)length); // of which two that differ may not become one
        Require(Utf8.IsValid(text), "texts in UTF-8", $"others before byte {_position} of its pickle");
        return Encoding.UTF8.GetString(text);
    }

    private string ReadLine()
    {
        var length = bytes.AsSpan(_position).IndexOf((byte)'\n');
        Require(length >= 0, Kind, "a name without an end");
        var line = ReadText((uint)length);
        _position++;
        return line;
    }

    private ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    private uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - _position)
        {
            throw Refuse(Kind, $"its end after {PhotoMlException.Count(bytes.Length, "byte")}");
        }

        _position += count;
        return bytes.AsSpan(_position - count, count);
    }

    private void Require(bool holds, string expected, string found)
    {
        if (!holds)
        {
            throw Refuse(expected, found);
        }
    }

    private InvalidModelException Refuse(string expected, string found) => new(path, expected, found);

    private sealed record Name(string Text);
}
