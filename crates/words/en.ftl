# What Unknot says, in English.
#
# A message is a prompt, named by its id, or a name of something, as `region-rhomboids`. An argument of a prompt stands
# for its words: where `side` is `left`, `{ $side }` is what `side-left` says, and `{ $side-name }` is `left`, to choose by.
#
# Sentences are read at two metres and spoken over hands at work: short, plain, the doing word first. They never ask
# for more pressure, except `more`, which passes on the receiver's own word. `.screen` is the same for a big screen: at
# most two lines of 20 characters. Left and right are always the receiver's.
#
# `.alone` is the sentence where the same person clicks and presses, and `.ball`, `.cane` and `.pin` where one of these says
# it its own way; `-screen` at their end is the form for a big screen.


## Screening

where =
    Where is the knot? It stands at: their { $side } { $region }. Receiver, point to it.
    Arrow keys or the clicker move it; Enter or a touch on the logo takes it.
    .alone =
        Where is the knot? It stands at: your { $side } { $region }.
        Arrow keys or the clicker move it; Enter or a touch on the logo takes it.
ask-page = { $page } One yes or more: B or y. None of these: A or n.
ask-question = { $question } Yes: B or y. No: A or n.
ask-clearance = You answered yes: { $question } Has a health professional who knows of it said that massage is fine? Yes: B or y. No: A or n.
ask-still =
    On { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year } you answered yes: { $question } And one who knows of it had said that massage is fine. Does that still hold? Yes: B or y. No: A or n.
ask-rest = Apart from what was just said: { $page } One yes or more: B or y. None of these: A or n.
ask-since = { $hours ->
        [0] Within the last hour
        [one] An hour ago
       *[other] { $hours } hours ago
    } it was sharp at their { $side } { $region }, more than once. Receiver, how is it there now: numb, tingling or weak? Yes: B or y. No: A or n.
    .alone = { $hours ->
        [0] Within the last hour
        [one] An hour ago
       *[other] { $hours } hours ago
    } it was sharp at your { $side } { $region }, more than once. How is it there now: numb, tingling or weak? Yes: B or y. No: A or n.
worked = { $holds ->
        [one] One hold
       *[other] { $holds } holds
    } in this region within 48 hours, the last { $hours ->
        [0] within the hour
        [one] an hour ago
       *[other] { $hours } hours ago
    }. A spot among them is asked about first.
    .screen =
        Worked here lately:
        { $holds } in two days
day-used = The day has had its holds: none in this session. Broad strokes, stretching and heat only.
    .screen =
        No holds today:
        strokes and heat
area-closed = Their { $side } { $region } is closed today. Is there somewhere else? Yes: B or y. No: A or n.
    .alone = Your { $side } { $region } is closed today. Is there somewhere else? Yes: B or y. No: A or n.
ask-resting = Receiver, lie still. How much does it hurt right now, with nobody touching it? Click 1 to 10, then wait.
    .screen =
        Untouched: how much?
        Click, then wait
    .alone = Stand or lie still. How much does it hurt right now, with nothing touching it? Click 1 to 10, then wait.
ask-bother = Receiver, how much does it bother you when you move? Click 1 to 10, then wait.
    .screen =
        When you move?
        Click, then wait
    .alone = How much does it bother you when you move? Click 1 to 10, then wait.
no-holds-today = It hurts above 5 with nobody touching it: no holds today. Broad strokes, stretching and heat only.
    .screen =
        No holds today:
        strokes and heat
    .alone = It hurts above 5 with nothing touching it: no holds today. Broad strokes, stretching and heat only.
stopped = We stop here. { $advice }
    .screen = { $advice-name ->
        [emergency]
            SEEK EMERGENCY
            CARE NOW
        [ask-first]
            NO PRESSING: ASK A
            PROFESSIONAL FIRST
        [see-someone]
            NO PRESSING: SEE A
            PROFESSIONAL FIRST
        [since-sharp]
            NO PRESSING: SEE A
            PROFESSIONAL FIRST
        [new-signs]
            NO PRESSING: SEE A
            PROFESSIONAL FIRST
        [numb]
            NO MORE PRESSING
            TODAY
        [three-sharps]
            NO MORE PRESSING
            TODAY
       *[other]
            NO PRESSING
            TODAY
    }


## Warming

warm = Put heat on the area: warm, not hot. Water within reach.
    .screen =
        Heat on: warm,
        not hot
warm-check = Partner, look at the skin under the heat. Receiver, is it pleasant? Click B for yes, A for no.
    .screen =
        Look at the skin
        Pleasant? B or A
    .alone = Look at the skin under the heat, in a mirror or by feel. Is it pleasant? Click B for yes, A for no.
warm-enough = That is enough heat. Go on when you like: B or Enter. Or stay a little in the warmth.
    .screen =
        Warm enough
        Go on: B or Enter


## Broad strokes and the ready check

stand-at = Partner, { $table-name ->
        [floor] kneel { $stand }, knees apart
        [bed] stand { $stand }, one knee on the bed
        [table] stand { $stand }, one foot forward
       *[absent] stand { $stand }
    }. Standing elsewhere? Press 1 to 4: left, right, head, feet.
    .screen = { $table-name ->
            [floor] Kneel
           *[other] Stand
        } { $stand-name ->
            [left-side] at their left
            [right-side] at their right
            [head] at their head
           *[feet] at their feet
        }
    .alone = Stand as you like.
    .alone-screen = Stand as you like
strokes = Broad, gentle strokes with your palms{ $edge-name ->
        [shoulder] , from the shoulder toward the centre
        [ribs] , from the ribs toward the centre
        [waist] , from the side of the waist toward the centre
        [hip] , from the hip toward the centre
       *[absent] , toward the centre
    }. Stop two fingers short of the spine.
    .screen =
        Broad strokes, palms
        off the spine
    .alone = Broad, gentle strokes with the flat hand{ $edge-name ->
        [shoulder] , from the shoulder toward the centre
        [ribs] , from the ribs toward the centre
        [waist] , from the side of the waist toward the centre
        [hip] , from the hip toward the centre
       *[absent] , toward the centre
    }. Stop two fingers short of the spine.
    .alone-screen =
        Broad strokes: palm
        off the spine
    .ball = Roll gently over the area, or stroke it with the flat hand{ $edge-name ->
        [shoulder] , from the shoulder toward the centre
        [ribs] , from the ribs toward the centre
        [waist] , from the side of the waist toward the centre
        [hip] , from the hip toward the centre
       *[absent] , toward the centre
    }, off the spine.
    .ball-screen =
        Roll it, broadly
        off the spine
rest-hand = Partner, rest a hand on their { $side } shoulder. Receiver, click the side you feel: A is left, B is right.
    .screen =
        Hand: { $side-name ->
            [left] LEFT
           *[right] RIGHT
        } shoulder
        Receiver: A or B
    .alone = Rest your free hand on your { $side } shoulder. Then click that side: A is left, B is right.
    .alone-screen =
        Hand: { $side-name ->
            [left] LEFT
           *[right] RIGHT
        } shoulder
        click A or B
other-side = They felt the other side, so one of you has it wrong. Partner, your hand on their { $side } shoulder now: theirs, not yours. Receiver, click again.
    .screen =
        Other side! Theirs:
        { $side-name ->
            [left] LEFT
           *[right] RIGHT
        }
    .alone = You clicked the other side. Rest your hand on your { $side } shoulder now, and click that side.
    .alone-screen =
        Other side! Your
        { $side-name ->
            [left] LEFT
           *[right] RIGHT
        }
offer-lesson = Receiver, is the clicker new to you? While the heat works you can try it for a minute. Yes: B or y. No: A or n.
    .screen =
        Try the clicker?
        B yes, A no
    .alone = Is the clicker new to you? While the heat works you can try it for a minute. Yes: B or y. No: A or n.
learn = { $tried } { $lesson-name ->
        [higher] B: the rating, one up.
        [lower] A: the rating, one down.
        [sharp] A and B at once: SHARP.
        [less] A long: less pressure, please.
        [same] The logo: same as before.
        [left] While a spot is looked for, A: toward your left.
        [right] B: toward your right.
        [head] A long: toward your head.
        [feet] B long: toward your feet.
        [spot] The logo: that's the spot.
        [yes] To a question, B: yes.
        [no] A: no.
        [let-go] In a hold, the logo long: it has let go.
        [more] B long asks you back; a touch on the logo then says “more”.
       *[stop] Last, A held for two seconds: STOP. It really stops.
    }
    .screen = { $tried-name ->
        [right] Right. Now try:
        [other] That was another.
        [missed] Never mind. Now:
       *[nothing] Try now:
    }
        { $lesson }
learnt = Those were the gestures. The heat goes on.
    .screen =
        Gestures tried
        The heat goes on
tried-nothing = Try the clicker; nothing is pressed.
tried-right = Right.
tried-other = That was another.
tried-missed = Never mind.
lesson-higher = B: one up
lesson-lower = A: one down
lesson-sharp = A and B: SHARP
lesson-less = A long: less
lesson-same = logo: same as before
lesson-left = A: to your left
lesson-right = B: to your right
lesson-head = A long: to your head
lesson-feet = B long: to your feet
lesson-spot = logo: the spot
lesson-yes = B: yes
lesson-no = A: no
lesson-let-go = logo long: it let go
lesson-more = B long, logo: more
lesson-stop = A held: STOP
try-sharp = Receiver, press both buttons together, once, so that you both hear the alarm.
    .screen =
        Receiver: press
        both buttons once
    .alone = Press both buttons together, once, so that you hear the alarm.
    .alone-screen =
        Press both
        buttons once
heard-that = This is the alarm: hands off. Did you both hear that? B yes, A no.
    .screen =
        Did you both
        hear that?
    .alone = This is the alarm: pressure off. Did you hear that? B yes, A no.
    .alone-screen =
        Did you
        hear that?
ready = You are ready. Stroke on until the time is up.
    .screen =
        Ready
        Stroke on
    .alone = You are ready. Go on until the time is up.
    .alone-screen =
        Ready
        Go on


## Locating and settling

locate = Feel for the spot with a light touch: their { $side } { $region }. Receiver, guide them; touch the logo when it is there.
    .screen =
        Feel for the spot
        lightly
    .alone = Feel for the spot with a light touch: your { $side } { $region }. Touch the logo when it is there.
    .ball = The ball between your back and the wall. Roll lightly to the spot: your { $side } { $region }. There: touch the logo.
    .ball-screen =
        Roll to the spot
        lightly
    .cane = Lay the hook on lightly and slide it to the spot: your { $side } { $region }. There: touch the logo.
    .cane-screen =
        Hook on lightly
        to the spot
nudged = Toward { $toward }: { $seen }.
    .screen =
        toward { $toward-name ->
            [left] their LEFT
            [right] their RIGHT
            [head] their HEAD
           *[feet] their FEET
        }
        { $seen }
    .alone = Toward { $toward }.
    .alone-screen =
        toward { $toward-name ->
            [left] your LEFT
            [right] your RIGHT
            [head] your HEAD
           *[feet] your FEET
        }
not-finding = Not finding it is fine. Keep looking, or press Enter: strokes, and then finish.
    .screen =
        Not finding it
        is fine
proposed = The partner thinks it is here. Receiver, touch the logo if it is; or guide them on.
    .screen =
        Here? Receiver:
        logo for yes
    .alone = Is it here? Touch the logo if it is, or go on looking.
    .alone-screen =
        Here?
        logo for yes
ask-skin = A new region: their { $side } { $region }. Partner, look at the skin there. Broken? Inflamed? A recent injury there? One yes or more: B or y. None of these: A or n.
    .alone = A new region: your { $side } { $region }. Look at the skin there, or feel it. Broken? Inflamed? A recent injury there? One yes or more: B or y. None of these: A or n.
leave-area = That region is closed today. Go back to their { $side } { $region }. Receiver, guide them from there.
    .screen =
        Closed: go back
        to { $side-name ->
            [left] LEFT
           *[right] RIGHT
        } as before
    .alone = That region is closed today. Go back to your { $side } { $region }, and look from there.
ask-again = This spot was worked on { $hours ->
        [0] within the last hour
        [one] an hour ago
       *[other] { $hours } hours ago
    }. Receiver, is it well enough to be pressed again? Yes: B or y. No: A or n.
    .alone = This spot was worked on { $hours ->
        [0] within the last hour
        [one] an hour ago
       *[other] { $hours } hours ago
    }. Is it well enough to be pressed again? Yes: B or y. No: A or n.
leave-spot = Then leave it be today. Receiver, guide them to another place.
    .screen =
        Leave it be today
        another place
    .alone = Then leave it be today. Go to another place.
    .alone-screen =
        Leave it be today
        another place
feel-for-spine = Feel for the bumps of the spine: you are two fingers beside them.
    .screen =
        Bumps of the spine:
        two fingers away
    .alone = Never on the bone of the spine: stay two fingers beside it.
    .alone-screen =
        Never on the spine:
        two fingers away
lean-in = { $region-name ->
        [suboccipital] Rest your finger pads there. No weight at all.
        [quadratus-lumborum] { $tool-name ->
            [thumb] With one thumb, the other hand over it, nothing else: lean in slowly, from your hips.
            [other-thumb] With the other thumb now, nothing else: lean in slowly, from your hips.
           *[absent] With your thumbs only: lean in slowly, from your hips.
        }
       *[other] { $tool-name ->
            [thumb] With one thumb, the other hand over it: lean in slowly, from your hips.
            [other-thumb] With the other thumb now: lean in slowly, from your hips.
            [knuckles] With the knuckles of a loose fist: lean in slowly, from your hips.
            [elbow] With the elbow, softly bent: lean in slowly, from your hips.
           *[absent] Lean in slowly, from your hips.
        }
    }
    .screen = { $region-name ->
        [suboccipital]
            Finger pads only
            no weight
        [quadratus-lumborum]
            Thumbs. Lean slowly
            from your hips
       *[other] { $tool-name ->
            [thumb]
                Thumb. Lean slowly
                from your hips
            [other-thumb]
                Other thumb. Slowly
                from your hips
            [knuckles]
                Knuckles. Slowly
                from your hips
            [elbow]
                Elbow. Lean slowly
                from your hips
           *[absent]
                Lean in slowly
                from your hips
        }
    }
    .alone = Lean in slowly.
    .alone-screen =
        Lean in
        slowly
    .ball = Lean into the wall, slowly.
    .ball-screen =
        Lean into the wall
        slowly
    .cane = Draw the hook in with both arms, slowly.
    .cane-screen =
        Draw it in
        slowly
    .pin = Pin it: lean in slowly against wall or floor.
    .pin-screen =
        Pin it
        lean in slowly
countdown = { $n }
    .screen = { $n }


## Holding

how-much = Hold still. Receiver, how much is it now? Click.
    .screen =
        Hold still
        Receiver: click
    .alone = Hold still. How much is it now? Click.
    .alone-screen =
        Hold still
        click: how much?
hold = Hold still, from the hips.
    .screen =
        Hold still
        from the hips
    .alone = Hold still, and breathe.
    .alone-screen =
        Hold still
        and breathe
    .pin = Keep it pinned, and breathe.
    .pin-screen =
        Keep it pinned
        and breathe
posture = { $region-name ->
        [suboccipital] Finger pads only, hands soft, no harder.
       *[other] { $table-name ->
            [floor] Knees apart, from the hips, hands soft, no harder.
            [bed] Back long, from the hips, hands soft, no harder.
            [table] One foot forward, from the hips, hands soft, no harder.
           *[absent] From the hips, hands soft, no harder.
        }
    }
    .screen = { $region-name ->
        [suboccipital]
            Finger pads only
            hands soft
       *[other]
            From the hips
            hands soft
    }
    .alone = Breathe, shoulders soft, no harder.
    .alone-screen =
        Breathe
        shoulders soft
    .cane = Elbows close, shoulders soft, no harder.
    .cane-screen =
        Elbows close
        shoulders soft
repeat = { $n }: { $movement }, slowly there and back.
    .screen =
        { $n }: { $movement-name ->
            [arm-overhead] arm overhead
            [arm-across] arm across
            [head-away] head away
           *[knee-up] knee up
        }
        slowly, and back
step-up = It has eased. Receiver, only if you want it: hold B, then touch the logo. Or nothing.
    .screen =
        Eased. Receiver:
        B held, logo, or not
    .alone = It has eased.
    .alone-screen = It has eased
still-there = Receiver, click again: how much is it now? The logo says: same as before.
    .screen =
        Receiver: click
        How much now?
    .alone = Click again: how much is it now? The logo says: same as before.
    .alone-screen =
        Click:
        how much now?
ease-off = { $rating }: ease off. Lean back a little.
    .screen =
        EASE OFF
        lean back a little
    .alone = { $rating }: ease off, a little.
    .alone-screen =
        EASE OFF
        a little
    .ball = { $rating }: ease off. A small step to the wall.
    .ball-screen =
        EASE OFF: a step
        to the wall
    .cane = { $rating }: ease off. Slacken your arms a little.
    .cane-screen =
        EASE OFF
        slacken your arms
little-less = A little less. Lean back a touch.
    .screen = A little less
    .alone = A little less.
less = They ask for less. Lean back a little.
    .screen =
        LESS, they ask
        lean back a little
    .alone = Less: ease back a little.
    .alone-screen =
        LESS
        ease back a little
more = The receiver asks for a little more. A little, slowly, from your hips; not if it feels wrong to you.
    .screen =
        They ask: a little
        more, slowly
    .alone = A little more, if it feels right to you. Slowly.
    .alone-screen =
        a little more
        slowly
hold-on =
    { $seconds ->
        [one] It has let go. Good: that is remembered. Hold as you are for one more second.
       *[other] It has let go. Good: that is remembered. Hold as you are for { $seconds } more seconds.
    }
    .screen =
        Letting go: hold on
        as you are
softened = Has it softened? Receiver, say so: hold the logo.
    .screen =
        Has it softened?
        Hold the logo
    .alone = That is the least time. How much is it now? Click, or hold the logo if it has let go.
    .alone-screen =
        How much now?
        or hold the logo
ten-seconds = Ten seconds to the end of this hold, at most.
    .screen =
        At most
        ten seconds left
count-stopped = The count has stopped. It waits for a rating of 5 or less.
    .screen =
        COUNT STOPPED
        waits for 5 or less
count-goes-on = The count goes on.
    .screen =
        Count goes on
        hold still


## The ends of a hold

release-let-go = It let go. Release slowly.
    .screen =
        It let go
        Release slowly
    .alone = It let go. Ease off slowly. How much is it now?
    .alone-screen =
        It let go
        Ease off slowly
    .ball = It let go. Step to the wall, slowly. How much is it now?
release-hardly-hurt = It hardly hurt. Release slowly.
    .screen =
        It hardly hurt
        Release slowly
    .alone = It hardly hurt. Ease off slowly.
    .alone-screen =
        It hardly hurt
        Ease off slowly
release-maximum = That is the longest a hold may be. Release slowly.
    .screen =
        Time is up
        Release slowly
    .alone = That is the longest a hold may be. Ease off slowly. How much is it now?
    .alone-screen =
        Time is up
        Ease off slowly
    .ball = That is the longest a hold may be. Step to the wall, slowly. How much is it now?
hands-off = { $rating }: hands off! Let go at once.
    .screen =
        HANDS OFF
        at once
    .alone = { $rating }: pressure off! Away from it at once.
    .alone-screen =
        PRESSURE OFF
        at once
let-go-above = It has not come down. Ease off and let go.
    .screen =
        EASE OFF
        and let go
    .alone = It has not come down. Ease off, and come away.
    .alone-screen =
        EASE OFF
        come away
no-rating = No rating came. Ease off and let go.
    .screen =
        EASE OFF: no rating
        let go
    .alone = No rating came. Ease off, and come away.
    .alone-screen =
        EASE OFF: no rating
        come away
silent = The receiver has fallen silent. Ease off, let go, and ask them.
    .screen =
        EASE OFF: silent
        let go, ask them
    .alone = Nothing was heard of you. Ease off, and come away.
    .alone-screen =
        EASE OFF: silent
        come away
look-at-them = Look at them. Are they all right? Receiver, click.
    .screen =
        Look at them
        Are they all right?
    .alone = Are you all right? Click.
    .alone-screen =
        Are you all right?
        Click
no-signal-pressing = Ease off, no signal. Ask them aloud.
    .screen =
        EASE OFF
        no signal
    .alone = Ease off, no signal. Come away from it.
no-signal = No signal from the clicker. Say it aloud instead; no pressure begins without it.
    .screen =
        No signal
        Say it aloud
    .alone = No signal from the clicker: no pressure begins without it.
    .alone-screen =
        No signal
        no pressure
signal-back = The signal is back. Receiver, click: how much is it now?
    .screen =
        Signal is back
        Receiver: click
    .alone = The signal is back. Click: how much is it now?
    .alone-screen =
        Signal is back
        Click
clicker-restarted = The clicker has restarted and has no rating. Receiver, click: how much is it now?
    .screen =
        Clicker restarted
        Receiver: click
    .alone = The clicker has restarted and has no rating. Click: how much is it now?
    .alone-screen =
        Clicker restarted
        Click


## SHARP

sharp-holding = Sharp! Hands off, now!
    .screen =
        SHARP
        HANDS OFF
    .alone = Sharp! Pressure off, now!
    .alone-screen =
        SHARP
        PRESSURE OFF
sharp-leaning = Sharp! Lean back, hands off, now!
    .screen =
        SHARP
        HANDS OFF
    .alone = Sharp! Back, pressure off, now!
    .alone-screen =
        SHARP
        PRESSURE OFF
sharp-touching = Sharp! Lift your hands!
    .screen =
        SHARP
        LIFT YOUR HANDS
    .alone = Sharp! Come away from it!
    .alone-screen =
        SHARP
        COME AWAY
sharp-heat = Sharp! Take the heat off the skin!
    .screen =
        SHARP
        HEAT OFF THE SKIN
sharp-stretch = Sharp! Come out of the stretch, slowly!
    .screen =
        SHARP
        OUT OF THE STRETCH
sharp-resting = Sharp! Nobody touches. Ask them what it is.
    .screen =
        SHARP
        Ask what it is
    .alone = Sharp! Leave it alone, and feel what it is.
    .alone-screen =
        SHARP
        What is it?
ask-sharp = Receiver, what was it? Only sharp: A. Numb, tingling or shooting somewhere else: B. The button slipped: logo.
    .screen =
        A sharp, B numb,
        logo: it slipped
    .alone = What was it? Only sharp: A. Numb, tingling or shooting somewhere else: B. The button slipped: logo.
ask-aloud = No answer. Ask them aloud. Numb, tingling, or shooting elsewhere: press y. Only sharp: press n.
    .screen =
        No answer
        Ask them aloud
    .alone = No answer. What was it? Numb, tingling, or shooting elsewhere: B or y. Only sharp: A or n.
    .alone-screen =
        What was it?
        A sharp, B numb
spot-closed = Two SHARPs at this spot: it is closed for 48 hours. Leave it alone.
    .screen =
        This spot is closed
        for 48 hours


## The flush and what follows

flush = Light, broad strokes over the area, to flush it.
    .screen =
        Light broad strokes
        over the area
    .alone = Light, broad strokes over the area, to flush it.
    .ball = Roll slowly and lightly over the area, or use the flat hand, to flush it.
    .ball-screen =
        Roll slowly, lightly
        over the area
    .cane = The flat hand, lightly, over the area, to flush it.
    .cane-screen =
        The flat hand
        over the area
flush-around = Light strokes around it, not on it. Or rest your hands, if they prefer.
    .screen =
        Strokes around it
        or rest
    .alone = Light strokes around it, not on it. Or rest, if you prefer.
ask-elsewhere = Receiver, did you feel it somewhere else as well? B yes, A no. Numb, tingling or shooting: both buttons together.
    .screen =
        Felt elsewhere too?
        B yes, A no
    .alone = Did you feel it somewhere else as well? B yes, A no. Numb, tingling or shooting: both buttons together.
where-felt = Receiver, guide the mark to where you feel it; touch the logo when it is there. Partner, stroke on: the spot stays where it is.
    .screen =
        Show where it is
        felt: logo there
    .alone = Guide the mark to where you feel it; touch the logo when it is there.
felt-moved = The mark: toward { $toward }.
    .screen =
        The mark: { $toward-name ->
            [left] LEFT
            [right] RIGHT
            [head] HEAD
           *[feet] FEET
        }
felt-there = { $referral-name ->
        [neck-and-temple] Noted. From the upper trapezius it is often felt in the neck and at the temple.
        [base-of-neck] Noted. From the levator it is often felt at the base of the neck.
        [low-back] Noted. From the quadratus lumborum it is often felt in the low back.
       *[other] Noted, where you feel it. The pressing stays where it is.
    }
    .screen =
        Noted: { $referral-name ->
            [neck-and-temple] neck
            [base-of-neck] neck
            [low-back] low back
           *[other] felt
        }
        { $referral-name ->
            [neck-and-temple] often felt there
            [base-of-neck] often felt there
            [low-back] often felt there
           *[other] there
        }
ask-next = Receiver, what next? Beside it: B. The same spot again: logo. Enough: A.
    .screen =
        B beside, logo same
        A enough
    .alone = What next? Beside it: B. The same spot again: logo. Enough: A.
move-beside = Slowly, to the place beside it: toward { $toward }, { $seen }.
    .screen =
        Slowly, beside it:
        { $seen }
    .alone = Slowly, to the place beside it: toward { $toward }.
    .alone-screen =
        Slowly, beside it:
        toward { $toward-name ->
            [left] your LEFT
            [right] your RIGHT
            [head] your HEAD
           *[feet] your FEET
        }
    .ball = Roll slowly to the place beside it: toward { $toward }.
limit = That is as much as one session holds. No more holds today.
    .screen =
        Enough for today
        no more holds
guessed = You guessed { $guess }, they clicked { $rating }.
    .screen =
        Guessed: { $guess }
        Clicked: { $rating }
    .alone = You guessed { $guess } and clicked { $rating }.
same-spot-again = The same spot again. Slowly.
    .screen =
        Same spot again
        slowly


## The end

stretch = { $movement-name ->
        [arm-overhead] Gentle stretching now: let the arm of that side go slowly overhead, and rest there. Never into pain.
        [arm-across] Gentle stretching now: let the arm of that side go slowly across the chest, and rest there. Never into pain.
        [head-away] Gentle stretching now: let the head sink slowly to the other side, and rest there. Never into pain.
        [knee-up] Gentle stretching now: draw the knee of that side slowly toward the chest, and rest there. Never into pain.
       *[absent] Gentle stretching now, this way. Never into pain.
    }
    .screen =
        { $movement-name ->
            [arm-overhead] Arm overhead
            [arm-across] Arm across
            [head-away] Head away
            [knee-up] Knee to chest
           *[absent] Stretch
        }
        gently
stretch-other = { $movement-name ->
        [arm-overhead] And the other arm overhead, gently.
        [arm-across] And the other arm across, gently.
        [head-away] And the head to this side, gently.
        [knee-up] And the other knee to the chest, gently.
       *[absent] And the other way, gently.
    }
    .screen =
        Stretch gently
        the other way
heat-and-water = Warmth on it if you like, a glass of water, and get up slowly.
    .screen =
        Warmth and water
        get up slowly
over = The session is over. Thank you both.
    .screen = The session is over
    .alone = The session is over. Well done.


## STOP, pause, end

stop-now = Stop. Hands off.
    .screen =
        STOP
        hands off
    .alone = Stop. Pressure off.
    .alone-screen =
        STOP
        pressure off
paused-for-receiver = Paused, hands off. It waits for the receiver. Receiver, when you want to go on: B.
    .screen =
        PAUSED: receiver,
        B to go on
    .alone = Paused, pressure off. When you want to go on: B.
    .alone-screen =
        PAUSED
        B to go on
paused-for-partner = Paused, hands off. It waits for the partner: press Enter to go on.
    .screen =
        PAUSED: partner,
        Enter to go on
    .alone = Paused, pressure off. When you want to go on: Enter.
    .alone-screen =
        PAUSED
        Enter to go on
really-end = Hands off. Really end the session? End it: e or y. Go back: n or Esc.
    .screen =
        Really end? e or y
        Go back: Esc
    .alone = Pressure off. Really end the session? End it: e or y. Go back: n or Esc.
gap-cut = The laptop stood still. Hands off: what was being timed is cut.
    .screen =
        HANDS OFF: the
        laptop stood still
    .alone = The laptop stood still. Pressure off: what was being timed is cut.
    .alone-screen =
        PRESSURE OFF: the
        laptop stood still
taken-up-again = Taken up again where it is safe. Nothing that was stored is lost.
    .screen =
        Taken up again
store-failed = The record cannot be written: check the disk. Finish this hold, no other.
    .screen =
        Record not written
        No new hold
store-recovered = The record is written again.
    .screen = Recording again


## Above 5 outside of a hold

lighter-strokes = { $rating }: lighter strokes, please.
    .screen =
        LIGHTER
        strokes
lighter-touch = { $rating }: a lighter touch, please.
    .screen =
        LIGHTER
        touch
ease-back = { $rating }: ease back. Lean back a little.
    .screen =
        EASE BACK
        lean back a little
    .alone = { $rating }: ease back a little.
    .alone-screen =
        EASE BACK
        a little
ease-stretch = { $rating }: ease out of the stretch.
    .screen =
        EASE OUT
        of the stretch


## Refusals

refused =
    { $why-name ->
        [hold-on] { $why }
        [wrong-side] { $why }
       *[other] { $what }: no. { $why }
    }

what-go-on = Going on
what-spot = “That's the spot”
what-nudge = Moving the spot
what-answer = An answer
what-let-go = “It has let go”
what-more = “More”
what-less = “Less”
what-rating = A rating
what-already-warm = “Already warm”
what-where = This area
what-end = Ending
what-back = A step back
what-again = “Say it again”
what-same-spot = The same spot again
what-guess = A guess
what-lesson = Learning the clicker

why-not-now = Nothing waits for that now. Wait for the next question.
why-passed = That question has passed. Listen for the one that stands, or ask for it again.
why-too-late = It came more than a second late and may no longer steer. Click again.
why-screening-first = The questions come first. Answer them.
why-stop-stands = That answer stops the session, and no key changes it. Follow the advice.
why-ready-check-first = The ready check comes first. Do it now, with both of you.
    .alone = The ready check comes first. Do it now.
why-wrong-side = That was the other side. Feel again, and click the side of the hand.
    .alone = That was the other side. Feel again, and click the side of the hand.
why-too-soon = It is too soon. Wait until the least time is over.
why-hold-on = Heard, and remembered. Hold on to the minimum.
why-flush-first = The flush strokes come first. Finish them.
why-closed-spine = The spine is closed, and 2 cm to each side of it. Move outward.
why-closed-neck = The front and side of the neck are closed. Move toward the back.
why-closed-kidney = The kidney region is closed. Move up, down, or in to the long muscles.
why-closed-armpit = The armpit is closed. Move inward.
why-closed-bone = There is bone there. Move to the muscle beside it.
why-off-the-chart = The chart ends there. Move the other way.
why-closed-by-answer = An answer before the session closed it for today. Choose another area.
why-closed-by-sharp = SHARP closed this spot for 48 hours. Choose another, more than 3 cm away.
why-hands-only = That place is for finger pads or thumbs alone. Choose another area.
why-spot-used = This spot has been pressed enough in this session. Move more than 3 cm away.
why-spot-today = This spot has been pressed enough today. Leave it until tomorrow, and choose another, more than 3 cm away.
why-region-today = This region has been pressed enough today. Leave it until tomorrow, and choose another.
why-day-used = The day has had its holds. Stretch, and come back tomorrow.
why-left-alone = It is not well enough to be pressed again. Leave it be today, and choose another, more than 3 cm away.
why-holds-used = All the holds of this session are used. Stretch and finish.
why-minutes-used = The minutes of this session are used. Stretch and finish.
why-resting-pain = It hurts above 5 with nobody touching it: no holds today. Stay with strokes and heat.
    .alone = It hurts above 5 with nothing touching it: no holds today. Stay with strokes and heat.
why-no-signal = The clicker is not heard, and no pressure begins without it. Bring it nearer, or say it aloud and wait.
why-click-first = The receiver has to click first. Receiver, click how much it is now.
    .alone = A click has to come first. Click how much it is now.
why-more-above-four = It is for a rating of 4 or less, freshly clicked. Stay as you are.
why-more-after-less = “Ease off”, “less” or SHARP came in this hold. Stay as you are.
why-more-twice = It has been said twice in this hold. Stay as you are.
why-store-failed = The record cannot be written, so no new hold begins. Check the disk.
why-paused = The session is paused. Do first what it waits for.
why-sharp-first = What the SHARP was comes first. Receiver: A only sharp, B numb or elsewhere, logo it slipped.
    .alone = What the SHARP was comes first. A only sharp, B numb or elsewhere, logo it slipped.
why-over = The session is over. Start a new one.
why-receiver-only = Only the receiver may say this. Ask them to click it.
    .alone = Only the clicker may say this. Click it.
why-nothing-to-guess = No rating was clicked in the hold before, so there is none to guess. Go on.
why-nothing-to-undo = There is nothing to take back. Go on.


## Screening: pages, questions, answers, advice

page-skin =
    Partner, look at the skin there, the receiver cannot. Broken skin or an open wound? Inflamed: hot, red, swollen?
    A recent injury there: a sprain, a strain?
    .alone =
        Look at the skin there in two mirrors or a photo, or ask somebody to look. Broken skin or an open wound? Inflamed: hot,
        red, swollen? A recent injury there: a sprain, a strain?
page-general =
    Receiver: a fever, or an infection of the whole body? Ever a deep vein thrombosis, a clot? Pain that radiates
    without a known cause, or numbness?
    .alone =
        A fever, or an infection of the whole body? Ever a deep vein thrombosis, a clot? Pain that radiates
        without a known cause, or numbness?
page-cautions =
    Receiver, does any of these apply? Blood thinners or a bleeding disorder; osteoporosis or a fracture; cancer at the
    site; recent surgery; pregnancy; enough pain killers, alcohol or anything else to dull pain.
    .alone =
        Does any of these apply? Blood thinners or a bleeding disorder; osteoporosis or a fracture; cancer at the
        site; recent surgery; pregnancy; enough pain killers, alcohol or anything else to dull pain.
page-emergency =
    Receiver: numb between the legs? New trouble with bladder or bowel? Weakness in both legs?
    .alone = Numb between the legs? New trouble with bladder or bowel? Weakness in both legs?

question-broken-skin = Broken skin or an open wound there?
question-inflammation = Inflamed there: hot, red, swollen?
question-injury = A recent injury there: a sprain, a strain?
question-fever = A fever, or an infection of the whole body?
question-clot = Ever had a deep vein thrombosis, a clot?
question-radiating = Pain that radiates without a known cause, or numbness?
question-bleeding = Blood thinners, or a bleeding disorder?
question-bones = Osteoporosis, or a fracture?
question-cancer = Cancer at the site of the knot?
question-surgery = Recent surgery?
question-pregnancy = Are you pregnant?
question-dulled = Enough pain killers, alcohol or anything else to dull pain?
question-saddle = Numb between the legs?
question-bladder = New trouble with bladder or bowel?
question-legs = Weakness in both legs?

answer-no = no
answer-yes = yes
answer-cleared = yes, and one who knows of it has said that massage is fine

advice-fever = No massage with a fever or an infection of the whole body: pressing can spread it. Rest, and come back when it is over.
advice-ask-first = Ask a health professional first. Come back when one who knows of it has said that massage is fine.
advice-see-someone = See a health professional about the pain or numbness before any massage.
advice-emergency = These can be the signs of an emergency. Seek emergency care now.
advice-all-closed = Every area is closed today, so there is nowhere to press. Come back when they are well.
    .alone = Every area is closed today, so there is nowhere to press. Come back when one is well.
advice-numb = Numb, tingling or shooting elsewhere: no more pressing today. If it stays, or comes back, see a health professional.
advice-since-sharp = Numb, tingling or weak since it was sharp: no massage. See a health professional about it.
advice-three-sharps = Three times sharp is enough for today. Rest it. If it stays sharp, see a health professional.
advice-new-signs = New numbness or weakness: no massage before a health professional has looked at it. Weak in both legs, numb between the legs, or trouble with bladder or bowel: seek emergency care now.


## The body and the places

side-left = left
side-right = right

toward-left = their LEFT
    .alone = your LEFT
toward-right = their RIGHT
    .alone = your RIGHT
toward-head = their HEAD
    .alone = your HEAD
toward-feet = their FEET
    .alone = your FEET

seen-toward-you = toward you
seen-away-from-you = away from you
seen-your-left = to your left hand
seen-your-right = to your right hand

stand-left-side = at their left side
stand-right-side = at their right side
stand-head = at their head
stand-feet = at their feet

region-suboccipital = suboccipital, under the skull
region-upper-trapezius = upper trapezius
region-levator-scapulae = levator scapulae
region-middle-trapezius = middle trapezius
region-lower-trapezius = lower trapezius
region-rhomboids = rhomboids
region-infraspinatus = infraspinatus
region-thoracic-paraspinals = thoracic paraspinals
region-latissimus = latissimus
region-lumbar-erectors = lumbar erectors
region-quadratus-lumborum = quadratus lumborum
region-gluteus-medius = gluteus medius


## Names in reports

phase-screening = screening
phase-warming = warming
phase-learning = learning the clicker
phase-broad-strokes = broad strokes
phase-locating = locating
phase-settling = settling
phase-holding = holding
phase-releasing = releasing
phase-flushing = flushing
phase-moving = moving
phase-stretching = stretching
phase-heat = heat
phase-finished = finished
phase-paused = paused

referral-neck-and-temple = neck and temple, as often from the upper trapezius
referral-base-of-neck = base of the neck, as often from the levator
referral-low-back = low back, as often from the quadratus lumborum
referral-other = elsewhere

edge-shoulder = from the shoulder
edge-ribs = from the ribs
edge-waist = from the side of the waist
edge-hip = from the hip

table-floor = the floor
table-bed = a bed
table-table = a table

tool-thumb = one thumb
tool-other-thumb = the other thumb
tool-knuckles = the knuckles
tool-elbow = the elbow
tool-finger-pads = the finger pads

movement-arm-overhead = lift the arm of that side overhead
movement-arm-across = bring the arm of that side across your chest
movement-head-away = bend your head away to the other side
movement-knee-up = draw the knee of that side toward your chest

technique-partner = with a partner
technique-ball = alone, with a ball
technique-cane = alone, with a hook or cane
technique-pin-and-stretch = alone, pin and stretch

outcome-done = done
outcome-void = void
outcome-cut = cut

because-time = its time was up
because-answered = it was answered
because-go-on = the partner went on
    .alone = you went on
because-already-warm = the muscle was warm already
because-thats-the-spot = that was the spot
because-nudged = the spot was moved
because-not-found = the spot was not found in time
because-let-go = it let go
because-fell = the rating fell by 2 or more
because-hardly-hurt = it hardly hurt
because-maximum = the maximum was reached
because-above-five = it stayed above 5, or “less” was not followed
because-hands-off = a rating of 8 or more
because-no-rating = no rating came
because-silent = the receiver fell silent
    .alone = nothing was heard of you
because-sharp = SHARP
because-stop = STOP
because-lost = the signal was lost
because-restarted = the clicker restarted
because-gap = the laptop stood still
because-resumed = the program was started again
because-ended = the partner ended it
    .alone = you ended it
because-beside = the place beside it was asked for
because-same-spot = the same spot was asked for
because-enough = the receiver had enough
    .alone = you had enough
because-no-answer = nobody answered
because-limit = a limit was reached
because-stop-answer = an answer stopped it
because-all-closed = every area was closed
because-resting-pain = it hurt above 5 at rest
because-numb = numb, tingling or shooting elsewhere
because-three-sharps = three SHARPs
because-store-failed = the record could not be written

ask-less = less, please
ask-more = a little more
ask-softened = it has let go
ask-same = same as before

feels-better = better
feels-same = the same
feels-sore = sore
feels-worse = worse
feels-not-said = not said

freshness-none = no rating
freshness-live = live
freshness-stale = stale
freshness-lost = lost

level-calm = calm
level-low = low
level-medium = medium
level-high = high

counting-to-phase-end = to the end of this
counting-to-phase-minimum = to the least time
counting-to-minimum = to the minimum
counting-to-maximum = to the maximum
counting-stopped = COUNT STOPPED


## Screens
#
# What only the terminal screen writes. The ids are held against `tui`'s list by a test there. Texts of two lines stand
# in large letters: at most two lines of 20 characters.

screen-too-small = Unknot needs { $width }x{ $height }
screen-practice = practice
screen-hold-number = hold { $n }
screen-link-live = link live
screen-link-stale = LINK SILENT
screen-link-lost = NO SIGNAL
screen-battery = battery { $percent } %
screen-battery-old = battery { $percent } % { $minutes } min ago
screen-battery-unknown = battery unknown
screen-note = Note: { $text }  Enter keeps it, Esc drops it.
screen-waiting = then: { $text }
screen-level-high = ALARM
screen-level-medium = EASE
screen-level-low = ANSWER
screen-level-calm = CALM

screen-awaits-nothing = Waiting for nothing but time
screen-awaits-ending = Partner: really end? Hands are off.
    .alone = Really end? Pressure is off.
screen-awaits-where = Both: where is the knot?
    .alone = You: where is the knot?
screen-awaits-page = Both: one answer for this page: none of these, or one or more
    .alone = You: one answer for this page: none of these, or one or more
screen-awaits-yes-no = Both: yes or no
    .alone = You: yes or no
screen-awaits-clicks = Receiver: click 1 to 10, then wait
    .alone = You: click 1 to 10, then wait
screen-awaits-warm-check = Partner: look at the skin. Receiver: is it pleasant? B yes, A no
    .alone = You: look at the skin, or feel it. Is it pleasant? B yes, A no
screen-awaits-go-on = Either of you: go on when you like
    .alone = You: go on when you like
screen-awaits-hand-left = Partner: a hand on their LEFT shoulder. Receiver: click the side you feel
    .alone = You: a hand on your LEFT shoulder, and click that side
screen-awaits-hand-right = Partner: a hand on their RIGHT shoulder. Receiver: click the side you feel
    .alone = You: a hand on your RIGHT shoulder, and click that side
screen-awaits-lesson-offer = Receiver: try the clicker for a minute? B yes, A no
    .alone = You: try the clicker for a minute? B yes, A no
screen-awaits-lesson = Receiver: try this gesture
    .alone = You: try this gesture
screen-awaits-try-sharp = Receiver: both buttons together, once
    .alone = You: both buttons together, once
screen-awaits-heard-that = Both: did you hear the alarm?
    .alone = You: did you hear the alarm?
screen-awaits-spot = Receiver: guide the hands; touch the logo when it is there
    .alone = You: touch the logo when it is there
screen-awaits-rating = Receiver: click how much it is now
    .alone = You: click how much it is now
screen-awaits-felt-elsewhere = Receiver: felt somewhere else as well? B yes, A no
    .alone = You: felt somewhere else as well? B yes, A no
screen-awaits-where-felt = Receiver: guide the mark <F> there; touch the logo
    .alone = You: guide the mark <F> there; touch the logo
screen-awaits-next = Receiver: B beside it, logo the same spot, A enough
    .alone = You: B beside it, logo the same spot, A enough
screen-awaits-after-sharp = Receiver: A only sharp, B numb or elsewhere, logo it slipped
    .alone = You: A only sharp, B numb or elsewhere, logo it slipped
screen-awaits-receiver = Receiver: a click, to go on
    .alone = You: a click, to go on
screen-awaits-partner = Partner: go on when you are ready
    .alone = You: go on when you are ready
screen-awaits-signal = The clicker: it is not heard

screen-number-none =
    NO
    RATING
screen-number-stale =
    LINK
    SILENT
screen-number-lost =
    NO
    SIGNAL
screen-rating = Rating { $rating }, { $age } ago
screen-rating-none = No rating yet
screen-rating-stale = Rating not known: the clicker is silent
screen-rating-lost = Rating not known: no signal
screen-above-five = ABOVE FIVE
screen-eight-or-more = HANDS OFF
    .alone = PRESSURE OFF
screen-seconds = { $n } s
screen-minutes = { $n } min
screen-ago = ago
screen-steady = = steady
screen-rising = ▲ up from { $from }
screen-falling = ▼ down from { $from }
screen-count-stopped = COUNT STOPPED
screen-count-stopped-at = { $left } left of the minimum
screen-count-seconds = seconds
screen-count-minutes = minutes

screen-look-at-the-skin = Partner, look at the skin there:
    .alone = Look at the skin there:
screen-does-any-apply = Receiver, does any of these apply?
    .alone = Does any of these apply?
screen-is-it-so = Is it so?
screen-answers-page = None of these: A. One or more: B.
screen-answers-question = Yes: B. No: A.
screen-clearance = You answered yes. Has a health professional who knows of it said that massage is fine?
screen-warm-for = Warm for { $time }: at least { $least }, at most { $most }. The clock is all that is measured here: feel the skin.
screen-already-warm = Warm already? Say so, and go on; it is recorded.
screen-their-side = THEIR { $side } SIDE
    .alone = YOUR { $side } SIDE
screen-place = { $out } cm out from the spine, { $down } cm down from the skull
screen-place-unknown = somewhere
screen-you = { $toward } · you stand here
    .alone = { $toward }
screen-legend-area = chosen
screen-legend-closed = never pressed
screen-strip = two minutes, until now   ░ hold   ╳ no signal   ┄ five
screen-help-more = ↓ more   Esc back
screen-help-end = Esc back

screen-title = UNKNOT
screen-subtitle = One lies, one presses, and this listens to the clicks. It measures clicks, not pressure. A word said aloud always counts more.
screen-who = Who lies down today?
screen-someone-else = someone else
screen-name-is = name: { $name }
screen-no-name = no name
screen-which-plan = With which plan?
screen-what-next = What next?
screen-near = Clickers
screen-not-possible = not now: { $why }
screen-later = comes later
screen-deed-session = Start a session
screen-deed-take-up = Take up the session that was interrupted
screen-deed-practise = Practise on this keyboard, without a clicker
screen-deed-learn = Learn the clicker: a minute, nobody is touched
screen-deed-pair = Pair a clicker
screen-deed-review = Look back at sessions
screen-deed-quit = Quit

screen-get-up-slowly =
    Get up slowly
    Drink some water
screen-answered-yes = { $question } Yes.
screen-over = The session is over: { $because }.
screen-over-for = { $name }'s session is over: { $because }.
screen-holds =
    { $n ->
        [0] No holds.
        [one] One hold, { $done } done, { $counted } counted.
       *[other] { $n } holds, { $done } done, { $counted } counted.
    }
screen-hold-line = { $n }.  { $place }: { $ending }, { $counted } counted ({ $cause })
screen-ratings = Ratings: first { $first }, highest { $highest }, last { $last }.
screen-no-ratings = No rating was given.
screen-sharps =
    { $n ->
        [0] No SHARP.
        [one] One SHARP.
       *[other] { $n } SHARPs.
    }
screen-bother = Bothers when moving: { $before } before, { $after } after.
screen-bother-small = Bothers when moving: { $before } before, { $after } after. That is smaller than people usually notice.
screen-bother-same = Bothers when moving: { $before } before, { $after } after: the same.
screen-bother-before = Bothers when moving: { $before } before; not asked after.
screen-bother-after = Bothers when moving: { $after } after; not asked before.
screen-bother-unknown = How much it bothers when moving was not asked.
screen-unstored = { $n } entries are not on the disk yet: wait a moment.

screen-review-title = LOOKING BACK
screen-review-when = began (local)
screen-review-who = receiver
screen-review-plan = plan
screen-review-where = where
screen-review-lasted = lasted
screen-review-holds = holds
screen-review-sharp = SHARP
screen-review-any = any
screen-replay = REPLAY


## A session was interrupted
#
# It is taken up again, or closed for a new one. The ids are held against `unknot`'s list by a test there.

resume-about = A session was interrupted after { $lasted }, in this phase: { $phase }.
resume-ask = { $up } takes it up again, with flush strokes first where a hold was open. { $new } closes it and begins a new one.
resume-offer = A session was interrupted after { $lasted }. It can be taken up again, or closed.
resume-closes = This would close the interrupted session for good. { $again } again does so and begins a new one.
resume-closes-or = This would close the interrupted session for good. { $again } again does so and begins a new one; { $up } takes it up.


## How high the receiver lies
#
# Asked once before the first session of two people. The ids are held against `unknot`'s list by a test there.

table-height-title = Before you begin
table-height-ask = Partner, what does the receiver lie on? f the floor, b a bed, t a table. Your posture follows from it; Enter passes it over.
table-height-skip = pass over


## Since the last session
#
# What is asked when the same receiver comes again on another day. The ids are held against `unknot`'s list by a test there.

since-title = Since then
since-about = About the session of { $day }.
since-numb = Is there new numbness or weakness since then? y yes, n no.
since-feels = How has it been since? b better, s the same, o sore, w worse.
since-bother = How much does it bother you now when you move? 1 to 9, 0 for ten.
since-note = A note on it, if you like. Enter keeps it.
since-stopped = No session begins now.
since-yes = yes
since-no = no
since-ten = ten
since-not-said = pass over
since-keep = keep it
since-leave = leave


## The air
#
# What is told of clickers on the air: the connection before and during a session, pairing, what is near, the doctor. The
# ids are held against `unknot`'s list by a test there.

air-esc = give up
air-enter-again = try again
air-number = choose

air-bluetooth-looking = Looking at this computer's Bluetooth.
air-bluetooth-ready = Bluetooth is ready ({ $name }).
air-bluetooth-no-answer = This computer's Bluetooth gives no answer: switch it off and on, and try again.
air-looking-for-clickers = Listening for clickers for { $seconds } seconds.

air-reach-title = Connecting
air-reach-first = The session begins when the clicker is connected. { $name } ({ $id }).
air-searching = Searching for { $name }. Switch it on, and bring it near.
air-connecting = { $name } is heard. Connecting.
air-securing = Connected with { $name }. Encrypting the connection.
air-subscribing = The connection is encrypted. Asking for the clicks.
air-connected = { $name } is connected.
air-waiting = That did not work. Trying again in { $seconds } s.
air-doubted = The connection to { $name } keeps dropping before it is encrypted. Bring it nearer; if that does not help, it may have lost its bond with this laptop: pair again. Trying again.
air-idle = Waiting for { $name }.
air-short-searching = searching
air-short-connecting = connecting
air-short-securing = encrypting
air-short-waiting = trying again
air-short-bluetooth = no Bluetooth
air-short-person = look below
air-needs-you = { $why }.

air-battery = Battery of { $name }: { $percent } %.
air-receivers-key = That is the receiver's word: it counts from the clicker in their hand, or said aloud.
air-other-version = The clicker speaks version { $clicker }, this program { $laptop }: nothing of it is taken. Update the older one.
air-other-clicker = This is another clicker, or its memory was wiped: nothing of it is taken. Use the one that this session began with, or begin a new session.
air-events-lost = Some clicks that were made without a signal are gone from the clicker, and not on the record.

air-none-remembered = This computer knows no clicker yet. `unknot pair` pairs one and remembers it; `unknot practice` needs none.
air-which = Several clickers are remembered, and it is not clear which one is meant:
air-which-line = { $n }  { $line }
air-which-named = Name one: `unknot session --device ID`.
air-which-wait = Press the number of the one to use.
air-pick-wait = Listening for which of your clickers is near.

air-pair-title = Pairing
air-pair-window = On the clicker: hold the logo while you switch it on or press its reset button, for 3 seconds. It is then open for pairing for a minute.
air-pair-system = This computer's own Bluetooth dialog will ask for the six digits.
air-pair-scan = Listening for clickers.
air-pair-scan-none = No clicker is heard yet. Switch it on, and bring it near.
air-pair-which = Several clickers are near. Which one is it?
air-pair-which-named = Name one: `unknot pair ID`.
air-pair-with = With { $name } ({ $id }).
air-pair-searching = Searching for it.
air-pair-connecting = It is heard. Connecting.
air-pair-passkey = Type the six digits that the clicker shows, one after the other, then Enter.
air-pair-passkey-six = Those are not six digits. Type all six, then Enter.
air-pair-system-asks = This computer's Bluetooth dialog asks for six digits: type those that the clicker shows there.
air-pair-checking = The digits are right. Looking at what was paired with.
air-pair-answered = Sent. Waiting for the clicker.
air-pair-done = Paired. { $name } is remembered: `unknot session` uses it.
air-pair-failed = Not paired: { $why }.
air-pair-nobody = Not paired: no clicker was heard within { $seconds } seconds. Switch it on with the logo held, bring it near, and try again.
air-pair-ended = Not paired: standard input ended before six digits came.
air-pair-gave-up = Not paired: given up.
air-nameless = the clicker

air-near = near, { $signal } signal ({ $dbm } dBm)
air-near-silent = near
air-not-near = not heard now
air-in-use = connected to this computer already
air-unpaired = not paired with this computer
air-bond-gone = the system has forgotten it: pair it again
air-battery-read = battery { $percent } % { $age }
air-battery-never = battery never read
air-signal-strong = strong
air-signal-good = good
air-signal-weak = weak
air-signal-faint = very weak
air-age-now = just now
air-age-minutes = { $n } min ago
air-age-hours = { $n } h ago
air-age-days =
    { $n ->
        [one] a day ago
       *[other] { $n } days ago
    }
air-devices-none = No clicker is near, and none is remembered. `unknot pair` tells how to pair one.

air-start-looking = Bluetooth is being looked at.
air-start-ready = Bluetooth is ready; listening for clickers.
air-start-not = No clicker can be used: { $why }.
air-start-none = No clicker is paired yet.
air-start-practise = To practise, this keyboard is the clicker, and nobody is touched.
air-start-why-not = no clicker is paired; { $key } pairs one
air-start-why-looking = Bluetooth is being looked at
air-start-why-bluetooth = no Bluetooth, see “Clickers”

air-doctor-ok = ok
air-doctor-not = NOT OK
air-doctor-note = note
air-doctor-bluetooth = Bluetooth
air-doctor-clicker = clicker
air-doctor-near = near
air-doctor-store = store
air-doctor-terminal = terminal
air-doctor-speech = speech
air-doctor-tones = tones
air-doctor-none-near = nothing is heard: switch the clicker on and bring it near; one that is connected to another computer is not heard either
air-doctor-near-some = { $n ->
        [one] one clicker is heard
       *[other] { $n } clickers are heard
    }
air-doctor-no-clicker = none is remembered: `unknot pair` pairs one
air-doctor-not-heard = { $line }: switched off, out of reach, or in use by another computer
air-doctor-bond-here = { $line }: this computer has lost the bond; `unknot pair { $id }` makes a new one
air-doctor-bond-there = { $line }: the clicker has lost the bond; open its window and `unknot pair { $id }`
air-doctor-works = { $line }: bond and connection work
air-doctor-busy = { $line }: in use on this computer, by a session perhaps
air-doctor-other-version = { $line }: { $why }
air-doctor-no-connection = { $line }: heard, but no connection came within { $seconds } seconds; bring it nearer, switch it off and on; if that does not help, it may have lost the bond: open its window and `unknot pair { $id }`
air-doctor-clickers-file = { $why }
air-doctor-store-none = { $path }: made with the first session; its folder can be written
air-doctor-store-none-not = { $path } cannot be made: its folder { $folder } cannot be written; name another with --db
air-doctor-store-ok = { $path }: opens and can be written, { $n ->
        [one] one session
       *[other] { $n } sessions
    }
air-doctor-store-backup = a backup is `unknot export --all --format ndjson -o FILE`; `unknot import FILE` takes it back in. A copy of the store's own file is none while a session runs
air-doctor-store-used = { $path }: opens; another program of this kind is writing to it, and a session has to wait for that
air-doctor-store-not = { $why }
air-doctor-store-interrupted = a session was interrupted: `{ $command }` offers to take it up again
air-doctor-disk = { $megabytes } MB free on its disk
air-doctor-disk-full = only { $megabytes } MB free on its disk: make room, a session that cannot be stored begins no hold
air-doctor-terminal-none = output is no terminal: sessions run as plain lines
air-doctor-terminal-dumb = this terminal cannot place letters (TERM): sessions run as plain lines
air-doctor-terminal-small = { $size }: the screen needs 80x23; make the window larger, or use --plain
air-doctor-terminal-ok = { $size }, { $colours }
air-doctor-colours-none = no colours (NO_COLOR)
air-doctor-colours-sixteen = sixteen colours
air-doctor-colours-full = all colours
air-doctor-not-utf8 = the locale is not UTF-8 (LC_ALL, LC_CTYPE, LANG): lines and large letters may be drawn wrongly; use --plain
air-doctor-speech-found = { $program } speaks the prompts; `unknot doctor --speak` lets you hear it
air-doctor-speech-none = no program that speaks was found: install speech-dispatcher or espeak-ng; until then prompts are only shown
air-doctor-tones-found = { $program } plays the tones
air-doctor-tones-none = no program that plays sound was found: install pulseaudio-utils, pipewire-bin or alsa-utils; until then the terminal’s bell rings


## The letter for a health professional

letter-title = A note for a health professional
letter-about = Two people used a program that asks questions before one of them presses a muscle knot of the other, and that stops where an answer or a click says so. It stopped. This is what it was told and what it saw in that session, and nothing else. It draws no conclusion.
    .alone = Somebody used a program that asks questions before a muscle knot is pressed, and that stops where an answer or a click says so. It stopped. This is what it was told and what it saw in that session, and nothing else. It draws no conclusion.
letter-who = It is about { $name }. The session began on { $when } UTC.
letter-practice = It was practice: nobody was touched.
letter-when = The session began on { $when } UTC.
letter-why = It stopped, and said: “{ $advised }”
letter-answers = What was asked and answered
letter-answer = { $asked } { $said }.
letter-answer-since = { $asked } { $said }; first told on { $told }.
letter-denied = Answered no: { $asked }
letter-since = Numb, tingling or weak now where it was sharp in an earlier session ({ $where })? { $said }.
letter-ratings = What was clicked, 1 to 10
letter-resting = At rest, before anything was done: { $rating }.
letter-bother-before = How much it bothers when moving, before: { $rating }.
letter-bother-after = How much it bothers when moving, at the end: { $rating }.
letter-holds = Where was pressed, by hand
    .alone = Where was pressed
letter-nothing-pressed = Nothing was pressed in this session.
letter-hold = { $where }: for { $pressed }; rated { $highest } at most, and { $last } last. Ended: { $why }.
letter-hold-unrated = { $where }: for { $pressed }; not rated. Ended: { $why }.
letter-leaned = Pressed without coming to a hold that is on record, { $n ->
        [one] once: for { $pressed } at most.
       *[other] { $n } times: for { $pressed } in all, at most.
    }
letter-sharps = When the pain was said to be sharp, electric, burning, tingling or numb
letter-sharp = At { $when } minutes, { $where }: { $said }.
letter-only-sharp = asked, it was only sharp
letter-numb = asked, it was numb, tingling, or shooting elsewhere
letter-slipped = asked, the button had slipped
letter-unexplained = what it was is not on record
letter-more = And { $n } more.
letter-place = { $area }, { $out } cm out, { $down } cm down
letter-nowhere = at no place that is on record
letter-foot = Ratings are what was clicked: 1 hardly anything, 10 the most. Places are on a sketch of a back: out from the spine, and down from the skull. Nobody measured the pressure. Session { $session }, written by Unknot { $version }.


## Looking back
#
# What only `unknot review` and `unknot replay` write. The ids are held against the program's list by a test there.

review-counted-all = { $n ->
        [one] one session
       *[other] { $n } sessions
    }
review-counted-some = { $n } of { $all } sessions
review-filter-words = notes' words
review-filter-receiver = receiver
review-filter-plan = plan
review-filter-days = date
review-filter-region = region
review-filter-sharp = SHARP
review-only-sharp = had one
review-nobody = nobody named
review-type-words = Words of a note
review-type-days = Date (2026, 2026-11, 2026-11-24, A..B, or 7d for the last seven days)
review-no-days = That is no date. 2026, 2026-11, 2026-11-24, 2026-10..2026-11, or 7d; nothing is any date.
review-about = Session { $id }: { $holds }; ended: { $ended }.
review-about-places = Where: { $places }.
review-about-sharps = { $n ->
        [one] It had a SHARP.
       *[other] It had { $n } SHARPs.
    }
review-empty = There are no sessions yet.
review-empty-practise = `unknot practice` leads you through one by keyboard, without hardware; on the start screen p does.
review-empty-simulated = `unknot practice --headless --seed 7 --speed max` plays one of simulated people in a moment.
review-none-fit = No session fits what is looked for: c takes it all back.

review-moment = { $at } of { $end }
review-simulated = simulated, seed { $seed }
review-practice = practice
review-with-clicker = with a clicker
review-now = { $phase-now } for { $for }. { $known }
review-known-nothing = No rating.
review-known-gap = Nobody knew the rating, for { $for }.
review-known-rating = Rating { $rating }, for { $for }.
review-hold = Hold { $n } ({ $ending }, { $cause }): counted { $counted }, pressed { $pressed }; start, peak, end { $ratings }; eased after { $eased }; above 5 { $above }; ease-off { $followed }.
review-guessed = The partner guessed { $guess }, of a rating of { $of }.
review-not-followed = not followed
review-in-short = Holds: { $done } done, { $cut } cut, { $void } void. SHARP: { $sharps }. Bother when moving: { $before } before, { $after } after.
review-before-that = before, { $at }: { $wording }
review-broken = Changed from outside at entry { $entry } ({ $at }): do not rely on what follows it.
review-broken-unread = Changed at entry { $entry } ({ $at }), { $n } unreadable: rely on nothing after it.
review-unread = { $n ->
        [one] Entry { $entry } ({ $at }) cannot be read, and is left out.
       *[other] { $n } entries, from { $entry } ({ $at }) on, cannot be read, and are left out.
    }
review-no-sharp-after = There is no SHARP after this moment.
review-no-sharp-before = There is no SHARP before this moment.
review-no-hold-after = No hold begins after this moment.
review-no-hold-before = No hold begins before this moment.
review-no-notes = There are no notes yet: m writes one.
review-choose-note = Choose a note with up and down, and press e again.
review-type-note = Note
review-type-edit = The note reads otherwise
review-noted = Noted. How a note read before is kept.
review-not-noted = Nothing was noted.

review-played-again = This is played again from the transcript: nothing of it is happening now.
review-nobody-there = The laptop stood still here: { $for } are passed over.
review-playing = { $at } of { $end } · { $speed }x
review-paused = { $at } of { $end } · paused
review-played = { $at }, the end
review-played-to-end = This is as far as the transcript goes.
review-differs = From { $at } on this is not as it was lived: the record was changed, or an older version made it.
review-cannot-play = It cannot be played: { $why }.

review-no-such-key = That key does nothing here; ? tells the keys.
review-key-choose = choose a session
review-key-pages = a page, to the first, to the last
review-key-open = look at the chosen session
review-key-words = only those with these words in a note
review-key-receiver = only this receiver's; again: the next one's
review-key-plan = only those led by this plan; again: the next one
review-key-days = only those that began then
review-key-region = only those in this region; again: the next one
review-key-only-sharp = only those that had a SHARP; again: all
review-key-anything = look for anything again
review-key-help = these keys
review-key-leave = leave
review-key-scrub = move along the timeline
review-key-events = to what was said or done before, and after
review-key-far = a quarter back or on; to the beginning, to the end
review-key-sharp = to the next SHARP, to the one before
review-key-lead = to ten seconds before the next SHARP, the last one
review-key-hold = to where the next hold begins, the one before
review-key-zoom = closer, wider, the whole session
review-key-play = play from here on the screen it was seen on
review-key-notes = the notes
review-key-write = write a note
review-key-edit = edit the chosen note; how it read before is kept
review-key-meanings = what the figures mean
review-key-back = one step back
review-key-pause = pause, and go on
review-key-ten = ten seconds back, ten seconds on
review-key-speed = faster, slower
review-key-begin = from the beginning
review-hint-open = open
review-hint-anything = any
review-hint-keys = keys
review-hint-leave = back
review-hint-sharp = SHARP
review-hint-lead = 10 s before
review-hint-zoom = zoom
review-hint-play = play
review-hint-notes = notes
review-hint-meanings = meanings
review-hint-enter = look
review-hint-clear = any
review-hint-keep = keep
review-hint-drop = drop
review-hint-write = write
review-hint-edit = edit
review-hint-choose = choose
review-hint-scroll = scroll
review-hint-pause = pause
review-hint-ten = 10 s
review-hint-speed = speed
review-mouse-click = click
review-mouse-clicks = choose and open a session; look at a moment
review-mouse-drag = drag
review-mouse-drags = move along the timeline
review-mouse-wheel = wheel
review-mouse-wheels = scroll; on the timeline closer and wider
review-mark-sharp = SHARP
review-mark-stop = STOP
review-mark-alarm = an alarm: “ease off”, “hands off”, “no signal”
review-mark-refused = something was refused
review-mark-note = a note
review-mark-asked = the receiver asked for less or more, or let go
review-mark-nudge = the spot was moved
review-mark-trial = the SHARP of the ready check
review-mark-said = something was said
review-drawn-hold = a hold: { $ending }
review-drawn-ceiling = the ceiling: 5
review-drawn-above = a rating above it
review-drawn-gap = nobody knew: no signal, or the laptop stood still
review-drawn-guess = what the partner guessed; filled where it was so
review-help-list = The list of sessions:
review-help-line = A session as a timeline:
review-help-play = Played again:
review-help-mouse = The mouse:
review-help-drawn = What is drawn on the timeline:


## Spoken

voice-rating = { $rating }
voice-gone = The voice has failed and is off for this session. Tones and the screen go on.
voice-no-tones = Tones cannot be played; the terminal’s bell rings instead.
voice-trial = This is the voice of Unknot. Now the alarm.
voice-heard = Spoken. The alarm is being played.
voice-silent = Volume is 0: tones and alarms cannot be heard. Choose another with --volume.
voice-failed = It could not be spoken: { $why }


## Flashing
#
# What `unknot flash` says. `why` is text of the micro:bit or of the system.

flash-copying = Copying the image to the micro:bit ({ $drive }). Leave it plugged in.
flash-copied = Copied. Waiting for the micro:bit to restart.
flash-restarting = The micro:bit is restarting.
flash-done = The image is on the micro:bit: it is a clicker now.
flash-no-drive = no micro:bit is plugged in: connect it with a USB cable that carries data (some only charge), wait for the drive MICROBIT, and try again
flash-not-mounted = a micro:bit is plugged in, but its drive is not open: click on MICROBIT in the file manager, and try again
flash-several = several micro:bits are plugged in ({ $why }): unplug all but one, or choose one with --drive
flash-not-a-drive = { $why } is not the drive of a micro:bit: choose the folder that has DETAILS.TXT in it
flash-v1 = this is a micro:bit v1, which is too small for Unknot: use a micro:bit v2 (it has a gold logo that can be touched, and a speaker)
flash-maintenance = the micro:bit is in maintenance mode: unplug it, plug it in without pressing the reset button, and try again
flash-no-image = this copy of Unknot came without an image for the micro:bit: name one with --image
flash-not-an-image = { $file } cannot be used as an image: { $why }
flash-not-hex = it is not a complete HEX file
flash-cannot-copy = the image could not be copied ({ $why }): unplug the micro:bit, plug it in again, and try again
flash-never-went = the micro:bit has not restarted: unplug it, plug it in again, and try again
flash-never-returned = the micro:bit’s drive has not come back: unplug it and plug it in again; if its display stays dark, flash it again
flash-failed-transient = the micro:bit did not take the image ({ $why }): this happens now and then; try again, without a USB hub
flash-failed-user = the micro:bit did not accept the image ({ $why }): it may be damaged or made for another board; download the package again
flash-failed-target = the micro:bit could not write its own chip ({ $why }): unplug it, remove its batteries, plug it in again, and try again; if it fails each time, the board is broken
flash-failed-interface = the micro:bit did not take the image ({ $why }): try again; if it fails each time, update its firmware (microbit.org/firmware)
