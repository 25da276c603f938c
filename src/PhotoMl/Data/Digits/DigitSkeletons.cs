namespace PhotoMl.Data;

/// <summary>The strokes that make each digit, in the forms people write it in.</summary>
/// <remarks>Each form is a draft made by hand: about 0.6 wide and 1 high, from (0, 0) at the top left.</remarks>
internal static class DigitSkeletons
{
    private static readonly Func<DeterministicRandom, StrokePath[]>[] Digits =
        [Zero, One, Two, Three, Four, Five, Six, Seven, Eight, Nine];

    public static StrokePath[] Draw(int digit, DeterministicRandom random) => Digits[digit](random);

    private static StrokePath[] Zero(DeterministicRandom random)
    {
        var width = random.NextDouble(0.22, 0.54);
        var start = random.Near(-75, 40);
        var (sweep, growth) = random.NextDouble() switch
        {
            < 0.60 => (random.Near(360, 12), random.Near(1, 0.04)),
            < 0.85 => (random.Near(395, 25), random.Near(0.92, 0.05)),
            _ => (random.Near(330, 12), random.Near(0.98, 0.05)),
        };
        var direction = random.Chance(0.85) ? -1 : 1;
        var oval = new StrokePath()
            .If(random.Chance(0.2), path => Outside(path, start - (direction * random.NextDouble(5, 25)), random.NextDouble(1.05, 1.3)))
            .Arc(0.3, 0.5, width, 0.5, start, start + (direction * sweep), growth)
            .If(random.Chance(0.15), path => Outside(
                path, start + (direction * (sweep + random.NextDouble(10, 35))), growth * random.NextDouble(1.05, 1.35)));
        return random.Chance(0.02)
            ? [oval, StrokePath.Line(random.Near(0.6, 0.1), random.Near(0.1, 0.1), random.Near(0, 0.1), random.Near(0.9, 0.1))]
            : [oval];

        // Where the pen sets down or is lifted outside the oval, the ends cross.
        StrokePath Outside(StrokePath path, double angle, double away)
        {
            var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
            return path.Through(0.3 + (width * away * cos), 0.5 + (0.5 * away * sin));
        }
    }

    private static StrokePath[] One(DeterministicRandom random)
    {
        var lean = random.Near(0.05, 0.15);
        var (top, foot) = (0.3 + lean, 0.3 - lean);
        var kind = random.NextDouble();
        var (hasFlag, hasBase) = (kind is >= 0.74 and < 0.97, kind >= 0.86);
        var stem = new StrokePath()
            .If(hasFlag, path => path.Through(top - random.NextDouble(0.08, 0.3), random.NextDouble(0.08, 0.35)))
            .Corner(top, 0).Through(random.Near((top + foot) / 2, 0.025), 0.5).Through(foot, 1);
        return !hasBase ? [stem] :
        [
            stem,
            StrokePath.Line(
                foot - random.NextDouble(0.1, 0.4), random.Near(1, 0.03), foot + random.NextDouble(0.1, 0.45), random.Near(1, 0.03)),
        ];
    }

    private static StrokePath[] Two(DeterministicRandom random)
    {
        var (headHeight, headWidth, headX) = (random.NextDouble(0.12, 0.3), random.NextDouble(0.13, 0.35), random.Near(0.32, 0.06));
        var path = new StrokePath()
            .If(random.Chance(0.2), path => path.Through(
                headX - (headWidth * random.NextDouble(0.3, 0.8)), headHeight * random.NextDouble(1.1, 1.6)))
            .Arc(headX, headHeight, headWidth, headHeight, random.Near(200, 28), random.Near(372, 15));
        var (footX, footY, endX) = (random.Near(0.04, 0.06), random.Near(0.93, 0.03), random.Near(0.75, 0.18));
        var isLooped = random.Chance(0.6);
        path.Through(random.Near(isLooped ? 0.42 : 0.36, 0.06) + (headX - 0.3), random.Near(0.62, 0.06));
        if (isLooped)
        {
            var (width, height) = (random.NextDouble(0.07, 0.24), random.NextDouble(0.06, 0.21));
            path.Arc(footX + width, footY - height, width, height, random.Near(65, 20), random.Near(290, 20), lean: random.Near(0.2, 0.3))
                .Through((footX + endX) / 2, footY - (height * random.NextDouble(0, 1.2)));
        }
        else
        {
            path.Corner(footX, footY).Through((footX + endX) / 2, random.Near(footY - 0.01, 0.025));
        }

        return [path.Through(endX, random.Near(footY + 0.02, 0.09))];
    }

    private static StrokePath[] Three(DeterministicRandom random)
    {
        var path = new StrokePath();
        var (waistX, waistY) = (random.Near(0.26, 0.07), random.Near(0.46, 0.04));
        var (bellyWidth, bellyX, bellyHeight) = (random.NextDouble(0.22, 0.36), random.Near(0.27, 0.03), (1 - waistY) / 2);
        if (random.Chance(0.18))
        {
            path.Corner(random.Near(0.03, 0.04), random.Near(0.03, 0.03)).Corner(random.Near(0.56, 0.05), random.Near(0, 0.03))
                .Corner(waistX, waistY - 0.04);
        }
        else
        {
            var headWidth = random.NextDouble(0.18, 0.31);
            path.Arc(random.Near(0.27, 0.03), waistY / 2, headWidth, waistY / 2, random.Near(210, 30), random.Near(420, 12)).If(
                random.Chance(0.2),
                path => path.Arc(waistX, waistY, random.NextDouble(0.03, 0.1), random.NextDouble(0.02, 0.05), 80, 270),
                path => path.If(random.Chance(0.8), path => path.Corner(waistX, waistY)));
        }

        return [path.Arc(bellyX, 1 - bellyHeight, bellyWidth, bellyHeight, random.Near(300, 12) - 360, random.Near(140, 30))];
    }

    private static StrokePath[] Four(DeterministicRandom random)
    {
        var (barY, stemX) = (random.Near(0.55, 0.07), random.Near(0.46, 0.05));
        var footX = stemX - random.Near(0.04, 0.06);
        var barEnd = stemX + (random.Chance(0.4) ? random.NextDouble(-0.03, 0.04) : random.NextDouble(0.04, 0.3));
        var armX = random.Near(0.1, 0.08);
        var kind = random.NextDouble();
        if (kind < 0.14)
        {
            // Closed: down the slope, along the bar, then the stem from the tip.
            return
            [
                new StrokePath().Through(random.Near(stemX, 0.03), random.Near(0.02, 0.02)).Corner(random.Near(-0.02, 0.04), barY)
                    .Through(barEnd, random.Near(barY, 0.03)),
                StrokePath.Line(random.Near(stemX, 0.02), random.Near(0.02, 0.04), footX, 1),
            ];
        }

        if (kind < 0.32)
        {
            // In one go: a cup, up to the tip of the stem, and down.
            return
            [
                new StrokePath().Through(armX, random.Near(0.02, 0.05)).Through(armX - random.NextDouble(0, 0.08), barY * 0.6)
                    .Through(random.Near(0.18, 0.04), random.Near(barY - 0.03, 0.02))
                    .Through(stemX - 0.06, barY - random.NextDouble(0.05, 0.18))
                    .Corner(stemX + random.NextDouble(0, 0.05), random.Near(0.08, 0.08))
                    .Through((stemX + footX) / 2, 0.55).Through(footX, 1),
            ];
        }

        return
        [
            new StrokePath().Through(armX, random.Near(0.02, 0.04)).If(
                kind < 0.7,
                path => path.Corner(random.Near(0, 0.04), barY),
                path => path.Through(random.Near(0.02, 0.03), barY * 0.65).Through(random.Near(0.12, 0.04), barY - 0.02))
                .Through(barEnd, random.Near(barY - 0.03, 0.03)),
            StrokePath.Line(stemX + random.Near(0.02, 0.03), random.Near(0.06, 0.09), (stemX + footX) / 2, 0.55).Through(footX, 1),
        ];
    }

    private static StrokePath[] Five(DeterministicRandom random)
    {
        var (neckX, neckY) = (random.Near(0.12, 0.05), random.Near(0.4, 0.07));
        var (bellyWidth, bellyHeight) = (random.NextDouble(0.18, 0.36), random.Near(0.28, 0.04));
        var (barEnd, barRise, top) = (random.Near(0.72, 0.22), random.Near(0.05, 0.11), random.Near(0.03, 0.03));
        var isOneStroke = random.Chance(0.45);
        var body = new StrokePath().If(
            isOneStroke,
            path => path.Through(barEnd, top - barRise).Corner(neckX + random.Near(0.04, 0.05), top),
            path => path.Through(neckX + random.Near(0.04, 0.05), top));
        var gap = !isOneStroke && random.Chance(0.3) ? random.NextDouble(0, 0.2) : 0;
        StrokePath[] bar = isOneStroke
            ? []
            : [StrokePath.Line(neckX + gap, random.Near(top, 0.02), barEnd, random.Near(top - barRise, 0.02))];
        body.If(
            random.Chance(0.7),
            path => path.Corner(random.Near(neckX - 0.03, 0.04), neckY),
            path => path.Through(random.Near(neckX - 0.03, 0.04), neckY - 0.08))
            .Arc(random.Near(0.25, 0.04), 1 - bellyHeight, bellyWidth, bellyHeight, random.Near(-95, 18), random.Near(150, 32));
        return [body, .. bar];
    }

    private static StrokePath[] Six(DeterministicRandom random)
    {
        var isOpen = random.Chance(0.2);
        var (loopHeight, loopWidth) = (random.NextDouble(0.14, isOpen ? 0.27 : 0.32), random.NextDouble(0.16, 0.36));
        var loopX = random.Near(0.3, 0.03);
        var (left, loopTop) = (loopX - loopWidth, 1 - (2 * loopHeight));
        var reach = random.NextDouble(-0.02, 0.55);
        var path = new StrokePath()
            .If(random.Chance(0.1), path => path.Through(left + reach + random.NextDouble(0.02, 0.12), random.NextDouble(0.03, 0.15)))
            .Through(left + reach, 0)
            .If(random.Chance(0.7), path => path.Through(left + random.Near(0.03 + (reach * 0.35), 0.03), random.Near(0.22, 0.03)))
            .Through(left + random.Near(0.02, 0.02), random.Near(Math.Max(0.45, loopTop), 0.04));
        var end = isOpen ? random.NextDouble(-150, -80) : random.NextDouble(-250, -150);
        var lean = random.Near(0.2, 0.3);
        return [path.Arc(loopX, 1 - loopHeight, loopWidth, loopHeight, random.Near(160, 10), end, random.NextDouble(0.65, 1.05), lean)];
    }

    private static StrokePath[] Seven(DeterministicRandom random)
    {
        var (elbowX, footX, top) = (random.Near(0.6, 0.1), random.Near(0.25, 0.1), random.Near(0.04, 0.03));
        var middleX = footX + ((elbowX - footX) * 0.5);
        var path = new StrokePath()
            .If(random.Chance(0.33), path => path.Through(random.Near(0.01, 0.04), top + random.NextDouble(0.08, 0.4)))
            .Corner(0, top).Through(elbowX / 2, random.Near(top, 0.04)).Corner(elbowX, random.Near(top - 0.02, 0.04))
            .Through(random.Near(middleX, 0.04), random.Near(0.5, 0.04)).Through(footX, 1);
        if (!random.Chance(0.24))
        {
            return [path];
        }

        var barY = random.Near(0.5, 0.08);
        var (barStart, startY) = (middleX - random.NextDouble(0.1, 0.36), random.Near(barY, 0.04));
        return [path, StrokePath.Line(barStart, startY, middleX + random.NextDouble(0.08, 0.36), random.Near(barY - 0.02, 0.04))];
    }

    private static StrokePath[] Eight(DeterministicRandom random)
    {
        var (waistY, headWidth, lean) = (random.Near(0.49, 0.08), random.NextDouble(0.15, 0.32), random.Near(0.15, 0.2));
        var bellyWidth = headWidth * (random.Chance(0.2) ? random.NextDouble(0.2, 0.7) : random.Factor(0.35));
        var (headX, bellyX) = (random.Near(0.31, 0.04), random.Near(0.29, 0.04));
        var (headHeight, bellyHeight, waistX) = (waistY / 2, (1 - waistY) / 2, (headX + bellyX) / 2);
        var kind = random.NextDouble();
        if (kind < 0.12)
        {
            // Two ovals, one upon the other.
            var (top, low) = (random.Near(-90, 60), random.Near(90, 180));
            return [Oval(headX, headHeight, headWidth, headHeight, top), Oval(bellyX, 1 - bellyHeight, bellyWidth, bellyHeight, low)];
        }

        // An S from the top right, closed on the way back up.
        var path = new StrokePath().If(random.Chance(0.3), path => path.Through(
            headX + (headWidth * random.NextDouble(1.1, 1.8)), headHeight * random.NextDouble(0, 0.5)));
        if (kind < 0.5)
        {
            path.Arc(headX, headHeight, headWidth, headHeight, random.Near(-35, 25), random.Near(-220, 12))
                .Through(waistX, random.Near(waistY, 0.02))
                .Arc(bellyX, 1 - bellyHeight, bellyWidth, bellyHeight, random.Near(-40, 10), random.Near(220, 12))
                .Through(waistX + random.Near(0.02, 0.03), random.Near(waistY, 0.02));
        }
        else
        {
            // The two ways across the waist are straight, so that the loops are drops.
            var start = random.Chance(0.75) ? random.Near(-35, 25) : random.NextDouble(-120, -40);
            var (head, belly) = (headHeight * 0.85, bellyHeight * 0.85);
            path.Arc(headX, head, headWidth, head, start, random.Near(-190, 15), lean: lean)
                .Through(waistX, random.Near(waistY, 0.03))
                .Arc(bellyX, 1 - belly, bellyWidth, belly, random.Near(-5, 15), random.Near(185, 15), lean: lean)
                .Through(waistX + random.Near(0, 0.03), random.Near(waistY, 0.03));
        }

        var isClosed = random.Chance(0.95);
        path.If(isClosed, path => path.Through(headX + (headWidth * random.Near(1, 0.35)), headHeight * random.Near(0.65, 0.4)));
        return [path.If(isClosed && kind < 0.5 && random.Chance(0.1), path => path.Mirror(0.3))];

        StrokePath Oval(double x, double y, double width, double height, double start) =>
            new StrokePath().Arc(x, y, width, height, start, start - random.Near(365, 12), random.Near(1, 0.05));
    }

    private static StrokePath[] Nine(DeterministicRandom random)
    {
        var (loopHeight, loopWidth, loopX) = (random.NextDouble(0.13, 0.37), random.NextDouble(0.16, 0.42), random.Near(0.28, 0.03));
        var right = loopX + loopWidth;
        var isOpen = random.Chance(0.17);
        var loop = new StrokePath()
            .If(random.Chance(0.2), path => path.Through(right + random.Near(0.08, 0.08), loopHeight * random.NextDouble(0, 0.5)))
            .Arc(
                loopX, loopHeight, loopWidth, loopHeight, isOpen ? random.Near(-35, 15) : random.Near(-45, 30),
                random.Near(isOpen ? -325 : -350, 15), random.Near(1, 0.06), random.Near(0.1, 0.25));
        var isTwoStrokes = random.Chance(0.25);
        var stem = isTwoStrokes
            ? new StrokePath().Through(right + random.Near(0.02, 0.03), random.Near(loopHeight * 0.5, 0.08))
            : loop.Corner(right + random.Near(0.01, 0.03), loopHeight * (isOpen ? random.Near(1.1, 0.15) : random.Near(0.6, 0.3)));
        if (random.Chance(0.2))
        {
            stem.Through(right - random.Near(0.01, 0.03), random.Near(0.7, 0.05))
                .Through(right - random.Near(0.2, 0.05), random.Near(0.97, 0.02)).Through(random.Near(0.05, 0.08), random.Near(0.9, 0.06));
        }
        else
        {
            var foot = right - random.Near(0.1, 0.1);
            stem.Through(random.Near((right + foot) / 2, 0.025), 0.62).Through(foot, 1);
        }

        return isTwoStrokes ? [loop, stem] : [loop];
    }
}
